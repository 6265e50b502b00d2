"""Secrets that the program makes for itself, once, and keeps beside its data."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_key(path: Path) -> str:
    """The secret in this file; a new one (256 bits) where there is none yet.

    The file is readable by its owner only. Where two processes start at once, both get the one
    that was written first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Not named by the process id: in containers on one volume, every process is number 1.
        descriptor, made = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(made, path)  # unlike a rename, never replaces a key that is in use
        except FileExistsError:
            pass
        finally:
            Path(made).unlink()
    return path.read_text(encoding="ascii").strip()
