"""How every page is answered: from a template, under a policy for the browser."""

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


def templates() -> Environment:
    """The templates beside this file; all that they are given is escaped."""
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(text: str, policy: Sequence[str], status: int = 200) -> web.Response:
    """A page that may do what its policy says, and nothing else."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(["default-src 'none'", *policy]),
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)
