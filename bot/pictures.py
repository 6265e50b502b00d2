"""The drawn pictures: where they are kept, which are missing, and how they are served."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from bot.web import problem
from dialogs.library import Library
from dialogs.pictures import Drawing

FOLDER = "pictures"
"""Below the data folder."""
ROOT = "/pictures/"
FOR_EVER = "public, max-age=31536000, immutable"


class Pictures:
    """The pictures of a library as files of a folder, which need not all be there."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._drawings = {one.picture.file: one for one in library.pictures.values()}
        self._folder = folder

    def drawn(self) -> frozenset[str]:
        """The files that are there."""
        return frozenset(name for name in self._drawings if (self._folder / name).is_file())

    def missing(self) -> list[str]:
        """The files that are not there yet."""
        return sorted(self._drawings.keys() - self.drawn())

    def complete(self, png: Callable[[Drawing], bytes]) -> tuple[int, int]:
        """Draws what is missing and removes what no picture is any more; how many of each."""
        self._folder.mkdir(parents=True, exist_ok=True)
        missing = self.missing()
        for name in missing:
            _place(self._folder / name, png(self._drawings[name]))
        stale = [path for path in self._folder.glob("*.png") if path.name not in self._drawings]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(missing), len(stale)

    def routes(self) -> list[web.RouteDef]:
        """What to add to the application."""
        return [web.get(f"{ROOT}{{file}}", self._file)]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        # Only names of the library are looked for, so that no path can lead anywhere else.
        name = request.match_info["file"]
        if name not in self._drawings or not (self._folder / name).is_file():
            return problem(404, "No such picture")
        headers = {
            "Cache-Control": FOR_EVER,  # what is drawn otherwise has another name
            "Content-Type": "image/png",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._folder / name, headers=headers)


def _place(target: Path, content: bytes) -> None:
    """Writes a file whole or not at all, also when two of us run at once."""
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(target)
