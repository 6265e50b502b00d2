"""What every HTTP interface of ours shares: problems (RFC 9457), limits, and the demo's guard."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from json import dumps

from aiohttp import hdrs, web
from pydantic_core import from_json
from yarl import URL

log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
"""Bytes; Bot Framework channels send far less in one activity."""
DEEPEST = 32
"""Levels of nesting that are read in a JSON body."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BadRequest(Exception):
    """A request that its sender has to mend; answered as a problem."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(title)
        self.status, self.title, self.detail = status, title, detail


def problem(status: int, title: str, detail: str = "", **more: str) -> web.Response:
    """A refusal that tells whoever sent the request what to do; `more` is for programs."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    if detail:
        body["detail"] = detail
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return web.Response(
        status=status, text=dumps(body), content_type="application/problem+json", headers=headers
    )


async def read_json(request: web.Request) -> object:
    """The JSON body of a request. Raises BadRequest for what is none, too large or too deep."""
    if request.content_type != "application/json":
        raise BadRequest(415, "The body must be JSON", "Send it as application/json.")
    try:
        value: object = from_json(await request.read())
    except ValueError as error:
        raise BadRequest(400, "The body is not JSON", str(error)) from error
    if _deeper_than(DEEPEST, value):
        raise BadRequest(400, "The body is nested too deep", f"At most {DEEPEST} levels are read.")
    return value


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers every refusal and every failure as a problem; a failure is logged, not told."""
    try:
        return await handler(request)
    except BadRequest as refusal:
        return problem(refusal.status, refusal.title, refusal.detail)
    except web.HTTPRequestEntityTooLarge:
        return problem(413, "The body is too large", f"At most {LARGEST_BODY} bytes are read.")
    except web.HTTPException as answer:
        if answer.status < HTTPStatus.BAD_REQUEST:
            raise
        told = problem(answer.status, answer.reason)
        if allowed := answer.headers.get(hdrs.ALLOW):
            told.headers[hdrs.ALLOW] = allowed
        return told
    except Exception:
        # The last place where a failure can be noted; the sender may try again.
        log.exception("a request failed", extra={"path": request.path})
        return problem(503, "Not now", "The request could not be handled. Try again in a moment.")


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def in_the_clear(url: URL) -> bool:
    """Whether what is sent to an address can be read on its way, or the address is not whole.

    To this machine itself, http is as good as https. Credentials in an address end up in logs.
    """
    safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host or ""))
    return not safe or not url.host or bool(url.user or url.password or url.fragment)


@web.middleware
async def demo_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets nobody through but somebody at this machine.

    The demo takes people's word for who they are. A page on another site, opened in a browser
    here, must not be able to use that: it cannot forge Host or Origin, and it cannot send JSON
    without being asked for permission first. A proxy would make others look local, so what has
    passed through one is refused.
    """
    if not is_loopback(_host(f"//{request.host}")):
        return problem(403, "Only for this machine", "In the demo, use http://127.0.0.1 itself.")
    if any(name.startswith(("forwarded", "x-forwarded")) for name in _names(request)):
        return problem(403, "Not through a proxy", "Behind a proxy, set the channels' credentials.")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and not _same_origin(origin, f"{request.scheme}://{request.host}"):
        return problem(403, "Not from another site")
    return await handler(request)


def _names(request: web.Request) -> set[str]:
    return {name.lower() for name in request.headers}


def _host(url: str) -> str:
    try:
        return URL(url).host or ""
    except ValueError:
        return ""


def _same_origin(one: str, other: str) -> bool:
    """Whether scheme, host and port are the same; a port may be left out where it is the usual."""
    try:
        return URL(one).origin() == URL(other).origin()
    except ValueError:
        return False


def _deeper_than(levels: int, value: object) -> bool:
    """Whether a value is nested deeper; looks at one level after the other, without recursion."""
    layer = [value]
    for _ in range(levels):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
