"""What the admin API answers, as it stands in JSON; the client checks what it gets against it."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.directory.facts import Effective
from bot.directory.rows import Who
from bot.directory.source import Known
from bot.directory.verdict import Check, Judgement, Result, judge, judge_organisation
from dialogs.sentences import fill
from dialogs.verdicts import Fixed

Fixes = Mapping[str, Fixed]


class Unanswered(Exception):
    """There is no answer that can be believed; the text says why and what to mend, for operators.

    It names no person and no secret. `after` are the seconds after which the directory wants to be
    asked again, where it says so.
    """

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Shown(BaseModel):
    """Strict, so that a text is never taken for a truth value; what it does not know is left."""

    model_config = ConfigDict(frozen=True, strict=True)


class CheckShown(Shown):
    """One check. `fix` is empty where nothing has to be mended."""

    id: str
    result: Result
    fix: str
    topic: str
    who: Who


class PolicyShown(Shown):
    """The policy that an account is under."""

    identity: str
    scope: Literal["user", "site", "global"]


class Status(Shown):
    """Whether a user may talk to Skype users; null: not known.

    `who` can mend the verdict; `as_of` is the time from which the facts are, `age` the seconds
    since then.
    """

    address: str
    pic_enabled: bool | None
    route_ready: bool | None
    service_available: bool | None
    verdict: str
    who: Who | None
    checks: tuple[CheckShown, ...]
    policy: PolicyShown | None
    checked_at: datetime
    source: str
    as_of: datetime
    age: int
    deployment: str


class DeploymentStatus(Shown):
    """The checks that need no user, of one deployment."""

    deployment: str
    checks: tuple[CheckShown, ...]
    as_of: datetime
    age: int


class OrganisationStatus(Shown):
    """The same of all deployments."""

    deployments: tuple[DeploymentStatus, ...]
    checked_at: datetime
    source: str


class SipDomains(Shown):
    """The organisation's SIP domains."""

    sip_domains: tuple[str, ...]


class Refusal(Shown):
    """A problem (RFC 9457). `verdict` stands in the one that says that there is no such user."""

    type: str
    title: str
    status: int
    detail: str = ""
    verdict: str = ""


def status(known: Known, fixes: Fixes, now: datetime) -> Status:
    """The verdict on what a source knows of a user."""
    judged = judge(known.facts)
    headline = judged.headline
    return Status(
        address=known.facts.account.address,
        pic_enabled=judged.pic_enabled,
        route_ready=judged.route_ready,
        service_available=judged.service_available,
        verdict=judged.verdict,
        who=headline.row.who if headline else None,
        checks=tuple(_of_user(check, judged, fixes) for check in judged.checks),
        policy=_policy(judged.governs),
        checked_at=now,
        source=known.source,
        as_of=known.as_of,
        age=_age(known, now),
        deployment=known.deployment,
    )


def organisation(known: tuple[Known, ...], fixes: Fixes, now: datetime) -> OrganisationStatus:
    """The verdict on what a source knows of the organisation."""
    deployments = (
        DeploymentStatus(
            deployment=one.deployment,
            checks=tuple(_shown(check, None, fixes) for check in judge_organisation(one.facts)),
            as_of=one.as_of,
            age=_age(one, now),
        )
        for one in known
    )
    source = known[0].source if known else ""
    return OrganisationStatus(deployments=tuple(deployments), checked_at=now, source=source)


def _age(known: Known, now: datetime) -> int:
    """Whole seconds; a clock that is behind makes nothing younger than new."""
    return max(0, int((now - known.as_of).total_seconds()))


def _policy(governs: Effective | None) -> PolicyShown | None:
    if governs is None:
        return None
    return PolicyShown(identity=governs.policy.identity, scope=governs.scope)


def _of_user(check: Check, judged: Judgement, fixes: Fixes) -> CheckShown:
    """A check; the headline has its fix also where it did not fail but hinders all others."""
    return _shown(check, judged.governs, fixes, mend=check is judged.headline)


def _shown(
    check: Check, governs: Effective | None, fixes: Fixes, *, mend: bool = False
) -> CheckShown:
    fixed = fixes[check.row.verdict]
    fix = ""
    if mend or check.result == "fail":
        scope = governs.scope if governs else ""
        named = {"policy": governs.policy.identity, "scope": scope} if governs else {}
        fix = fill(fixed.sentence(scope), named).strip()
    return _alike(check.row.id, check.result, fix, fixed.topic, check.row.who)


@lru_cache(maxsize=1000)
def _alike(id_: str, result: Result, fix: str, topic: str, who: Who) -> CheckShown:
    """One value for all checks that read the same: to make it costs more than the check itself."""
    return CheckShown(id=id_, result=result, fix=fix, topic=topic, who=who)
