"""The secrets that sign webhooks (Standard Webhooks), and how many bytes each must have."""

import re
from base64 import b64decode

SECRET = re.compile(r"whsec_((?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)")
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret."""


def signing_secrets(text: str) -> tuple[str, ...]:
    """The secrets in a text, the current one first, as in `whsec_…,whsec_…`.

    A comma or a blank separates them. Raises ValueError, whose text shows no secret.
    """
    secrets = tuple(text.replace(",", " ").split())
    if not secrets or not all(SHORTEST <= _bytes(secret) <= LONGEST for secret in secrets):
        raise ValueError(
            f"it takes whsec_ and {SHORTEST} to {LONGEST} random bytes in base64, as in: "
            'echo "whsec_$(openssl rand -base64 32)"'
        )
    return secrets


def _bytes(secret: str) -> int:
    """How many bytes a secret has; 0: it is none."""
    found = SECRET.fullmatch(secret)
    return len(b64decode(found[1])) if found else 0
