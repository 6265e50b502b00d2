"""What the pages are made of: our own files, and the bundles that set-up has fetched."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from aiohttp import hdrs, web

from bot.web import problem

HERE = Path(__file__).parent
FILES = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "chat.svg": "image/svg+xml",
    "knowledge.css": "text/css",
    "knowledge.js": "text/javascript",
    "line.js": "text/javascript",
    "page.css": "text/css",
}
FOR_EVER = "public, max-age=31536000, immutable"


class Assets:
    """Serves `/assets/`; `bundles` are scripts by name, each in a file named by its version."""

    def __init__(self, bundles: Mapping[str, Path]) -> None:
        self._bundles = bundles
        self._files = {name: (HERE / name).read_bytes() for name in FILES}
        self._version = hashlib.sha256(b"".join(self._files.values())).hexdigest()[:16]

    def routes(self) -> list[web.RouteDef]:
        """What to add to the application."""
        return [
            web.get("/assets/{name}", self._asset),
            web.get("/assets/{version}/{name}", self._asset),
        ]

    @property
    def folder(self) -> str:
        """Where our own files are, at an address that names their version."""
        return f"/assets/{self._version}"

    def bundle(self, name: str) -> str:
        """The address of a bundle, which names its version."""
        # Its file is named by its version and checked against a digest when it is fetched.
        return f"/assets/{self._bundles[name].stem}/{name}"

    def has(self, name: str) -> bool:
        """Whether a bundle has been fetched."""
        return self._bundles[name].is_file()

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        """An asset; it may be kept for ever where its address names its version."""
        name, version = request.match_info["name"], request.match_info.get("version")
        bundle = self._bundles.get(name)
        current = bundle.stem if bundle else self._version
        headers = {
            "Cache-Control": FOR_EVER if version == current else "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        if bundle and bundle.is_file():
            # Sends the .gz beside it to whoever takes that.
            headers[hdrs.CONTENT_TYPE] = "text/javascript"
            return web.FileResponse(bundle, headers=headers)
        if name not in self._files:
            return problem(404, "No such asset")
        return web.Response(
            body=self._files[name], content_type=FILES[name], charset="utf-8", headers=headers
        )
