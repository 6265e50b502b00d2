"""The built-in web chat page: its HTML, its policy for the browser, and what it is made of."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web import problem

HERE = Path(__file__).parent
ASSETS = {
    "chat.js": "text/javascript",
    "line.js": "text/javascript",
    "chat.css": "text/css",
    "chat.svg": "image/svg+xml",
}
BUNDLE = "webchat.js"
FOR_EVER = "public, max-age=31536000, immutable"
EMPTY = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


class ChatPage:
    """Serves `/` and `/assets/`.

    `words` are the page's sentences, `people` the demo's persons (id → label; without any the
    page only says where to go), `bundle` the file that Web Chat is in, `chance` gives nonces, and
    `embedded_by` lists the origins that may show the page in a frame.
    """

    def __init__(
        self,
        *,
        words: Mapping[str, str],
        people: Mapping[str, str],
        bundle: Path,
        chance: Callable[[], str],
        embedded_by: Sequence[str] = (),
        lang: str = "en",
    ) -> None:
        pages = Environment(
            loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
        )
        self._template = pages.get_template("chat.html")
        self._words = words
        self._people = people
        self._bundle = bundle
        self._chance = chance
        self._embedded_by = " ".join(embedded_by) or "'none'"
        self._lang = lang
        self._assets = {name: (HERE / name).read_bytes() for name in ASSETS}
        self._version = _digest(*self._assets.values())

    def routes(self) -> list[web.RouteDef]:
        """What to add to the application."""
        return [
            web.get("/", self._page),
            web.get("/assets/{name}", self._asset),
            web.get("/assets/{version}/{name}", self._asset),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        nonce = self._chance()
        text = self._template.render(
            lang=self._lang,
            nonce=nonce,
            words=self._words,
            people=self._people,
            assets=f"/assets/{self._version}",
            webchat=self._webchat(),
            setup=self._setup(),
        )
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": self._policy(request, nonce),
            "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    def _setup(self) -> dict[str, object]:
        """What the page's script has to know."""
        return {"lang": self._lang, "webchat": self._webchat(), "words": dict(self._words)}

    def _webchat(self) -> str:
        # Its file is named by its version and checked against a digest when it is fetched.
        return f"/assets/{self._bundle.stem}/{BUNDLE}"

    def _policy(self, request: web.Request, nonce: str) -> str:
        """The strictest policy that Web Chat works with."""
        scheme = "wss" if request.secure else "ws"
        # Not every browser takes 'self' to mean WebSockets of this host, too.
        socket = f" {scheme}://{request.host}" if HOST.fullmatch(request.host) else ""
        return "; ".join(
            [
                "default-src 'none'",
                f"script-src 'nonce-{nonce}'",
                # The digest is of nothing at all: one part of Web Chat does not pass the nonce on,
                # and fills its empty style element through the DOM, which no policy forbids.
                f"style-src 'self' 'nonce-{nonce}' '{EMPTY}'",
                f"connect-src 'self'{socket}",
                "img-src 'self' data:",
                "base-uri 'none'",
                "form-action 'none'",
                f"frame-ancestors {self._embedded_by}",
            ]
        )

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        """An asset; it may be kept for ever where its address names its version."""
        name, version = request.match_info["name"], request.match_info.get("version")
        current = self._bundle.stem if name == BUNDLE else self._version
        headers = {
            "Cache-Control": FOR_EVER if version == current else "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        if name == BUNDLE and self._bundle.is_file():
            # Sends the .gz beside it to whoever takes that.
            headers[hdrs.CONTENT_TYPE] = "text/javascript"
            return web.FileResponse(self._bundle, headers=headers)
        if name not in self._assets:
            return problem(404, "No such asset")
        return web.Response(
            body=self._assets[name], content_type=ASSETS[name], charset="utf-8", headers=headers
        )


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()[:16]
