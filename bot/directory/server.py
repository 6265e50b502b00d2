"""The admin API: what stands between the assistant and the Lync administration. It only reads.

Whoever asks has a token, of their own or of an issuer, and so many questions a minute; who asked
about whom is written to the log `bot.directory.audit`, addresses included.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware
from pydantic import BaseModel

from bot.directory import answer, openapi
from bot.directory.answer import Fixes
from bot.directory.callers import Allowance, Tokens
from bot.directory.issuer import Issuer, Unreachable
from bot.directory.sip import LONGEST_LOGGED, strict
from bot.directory.source import Source, Unreadable
from bot.web import BadRequest, Handler, demo_guard, problem, problems
from dialogs.verdicts import Verdict

log = logging.getLogger(__name__)
audit = logging.getLogger("bot.directory.audit")

CALLER = web.RequestKey("caller", str)
DEMO = "demo"
"""The caller's name where no tokens are set."""


@dataclass(frozen=True)
class AdminApi:
    """The questions it answers. `clock` tells the time in UTC."""

    source: Source
    fixes: Fixes
    tokens: Tokens
    allowance: Allowance
    clock: Callable[[], datetime]
    issuer: Issuer | None = None

    @property
    def knows_callers(self) -> bool:
        """Whether callers have to say who they are."""
        return bool(self.tokens or self.issuer)

    def application(self) -> web.Application:
        """The whole service; where it knows no callers for this machine alone, as the demo is."""
        guards: list[Middleware] = [problems] if self.knows_callers else [problems, demo_guard]
        app = web.Application(middlewares=[*guards, self._admit])
        app.router.add_get(openapi.USER.replace("{sip}", "{sip:[^/]+}"), self._user)
        app.router.add_get(openapi.ORGANISATION, self._organisation)
        app.router.add_get(openapi.DOMAINS, self._domains)
        app.router.add_get(openapi.DOCUMENT, self._document)
        return app

    @property
    def _admit(self) -> Middleware:
        @web.middleware
        async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Lets callers through whose token is known and who have not asked too often."""
            caller, refusal = None, _unknown_caller
            try:
                caller = await self._caller(request.headers.get(hdrs.AUTHORIZATION, ""))
            except Unreachable:
                refusal = _unchecked_caller
            name = caller or f"somebody at {request.remote}"
            if (seconds := self.allowance.wait(name)) > 0:
                _note(name, request, 429)
                return _later(seconds)
            if caller is None:
                refused = refusal()
                _note(name, request, refused.status)
                return refused
            request[CALLER] = caller
            return await handler(request)

        return admit

    async def _caller(self, authorization: str) -> str | None:
        """Who asks; None: nobody we know. Raises Unreachable where that cannot be found out."""
        if not self.knows_callers:
            return DEMO
        found = self.tokens.caller(authorization)
        return await self.issuer.caller(authorization) if self.issuer and not found else found

    async def _user(self, request: web.Request) -> web.Response:
        address = strict(request.match_info["sip"])
        if address is None:
            _note(request[CALLER], request, 400)
            raise BadRequest(400, "Not a SIP address", "Send one such as lync.user@fabrikam.com.")
        try:
            known = await self.source.user(address)
        except Unreadable as error:
            _note(request[CALLER], request, 503)
            return _unreadable(error)
        status = answer.status(known, self.fixes, self.clock())
        missing = status.verdict == Verdict.USER_NOT_FOUND
        _note(request[CALLER], request, 404 if missing else 200, status.verdict)
        return _no_such_user() if missing else _json(status)

    async def _organisation(self, _: web.Request) -> web.Response:
        try:
            known = await self.source.organisation()
        except Unreadable as error:
            return _unreadable(error)
        return _json(answer.organisation(known, self.fixes, self.clock()))

    async def _domains(self, _: web.Request) -> web.Response:
        try:
            return _json(answer.SipDomains(sip_domains=await self.source.sip_domains()))
        except Unreadable as error:
            return _unreadable(error)

    async def _document(self, _: web.Request) -> web.Response:
        return web.json_response(openapi.document())


def _note(caller: str, request: web.Request, status: int, verdict: str = "") -> None:
    """Who asked about whom; a refused address is cut, and its control characters are escaped."""
    about = request.match_info.get("sip", request.path)
    shown = strict(about) or ascii(about[:LONGEST_LOGGED])
    fields = {"caller": caller, "about": shown, "status": status, "verdict": verdict}
    audit.info("asked", extra=fields)


def _json(body: BaseModel) -> web.Response:
    return web.Response(
        text=body.model_dump_json(),
        content_type="application/json",
        headers={hdrs.CACHE_CONTROL: "no-store"},
    )


def _later(seconds: float) -> web.Response:
    refused = problem(429, "Too many questions", "Ask again after the seconds in Retry-After.")
    refused.headers[hdrs.RETRY_AFTER] = str(ceil(seconds))
    return refused


def _unknown_caller() -> web.Response:
    refused = problem(401, "Who are you?", "Send a token of yours: Authorization: Bearer ….")
    refused.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    return refused


def _unchecked_caller() -> web.Response:
    return problem(503, "Your token cannot be checked now", "Its issuer does not answer us.")


def _no_such_user() -> web.Response:
    return problem(404, "No such user", verdict=Verdict.USER_NOT_FOUND)


def _unreadable(error: Unreadable) -> web.Response:
    log.error("the source cannot be read", extra={"why": str(error)})
    return problem(503, "The directory cannot be read now", str(error))
