"""The built-in web chat page: its HTML, its policy for the browser, and what it is made of."""

import re
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from bot.pages.answer import page, templates
from bot.pages.assets import Assets

BUNDLE = "webchat.js"
EMPTY = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


class ChatPage:
    """Serves `/`.

    `words` are the page's sentences, `people` the demo's persons (id → label; without any the
    page only says where to go), `chance` gives nonces, and `embedded_by` lists the origins that
    may show the page in a frame.
    """

    def __init__(
        self,
        *,
        words: Mapping[str, str],
        people: Mapping[str, str],
        assets: Assets,
        chance: Callable[[], str],
        embedded_by: Sequence[str] = (),
        lang: str = "en",
    ) -> None:
        self._template = templates().get_template("chat.html")
        self._words = words
        self._people = people
        self._assets = assets
        self._chance = chance
        self._embedded_by = " ".join(embedded_by) or "'none'"
        self._lang = lang

    def routes(self) -> list[web.RouteDef]:
        """What to add to the application."""
        return [web.get("/", self._page)]

    async def _page(self, request: web.Request) -> web.Response:
        nonce = self._chance()
        text = self._template.render(
            lang=self._lang,
            nonce=nonce,
            words=self._words,
            people=self._people,
            assets=self._assets.folder,
            webchat=self._assets.bundle(BUNDLE),
            setup=self._setup(),
        )
        return page(text, self._policy(request, nonce))

    def _setup(self) -> dict[str, object]:
        """What the page's script has to know."""
        return {
            "lang": self._lang,
            "webchat": self._assets.bundle(BUNDLE),
            "words": dict(self._words),
        }

    def _policy(self, request: web.Request, nonce: str) -> list[str]:
        """The strictest policy that Web Chat works with."""
        scheme = "wss" if request.secure else "ws"
        # Not every browser takes 'self' to mean WebSockets of this host, too.
        socket = f" {scheme}://{request.host}" if HOST.fullmatch(request.host) else ""
        return [
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
