"""Secrets that the program makes for itself, once, and keeps beside its data."""

import os
import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """The secret in this file; a new one (256 bits) where there is none yet.

    The file is readable by its owner only. Where two processes start at once, both get the one
    that was written first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32), encoding="ascii")
        try:
            os.link(made, path)  # unlike a rename, never replaces a key that is in use
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii").strip()
