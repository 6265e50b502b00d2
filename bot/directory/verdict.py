"""The verdict on a user: a pure function of what was read (fact base, section 2.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.directory.facts import Effective, Facts
from bot.directory.rows import (
    ACCOUNT,
    FOUND,
    ON_PREMISES,
    ONLINE,
    ORGANISATION,
    SERVICE,
    Answer,
    Row,
)

Result = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True)
class Check:
    """What came of one row."""

    row: Row
    result: Result


@dataclass(frozen=True)
class Judgement:
    """The checks in order, and what follows from them: True, False, or None where it is not known.

    `headline` is the first failing check, or the one that hinders all others, or None. `governs`
    is the policy that the account is under, as far as it is known.
    """

    checks: tuple[Check, ...]
    pic_enabled: bool | None
    route_ready: bool | None
    service_available: bool | None
    headline: Check | None
    governs: Effective | None

    @property
    def verdict(self) -> str:
        """The headline in one word; `enabled` or `unknown` where there is none."""
        if self.headline:
            return str(self.headline.row.verdict)
        return "enabled" if self.pic_enabled else "unknown"


def judge(facts: Facts) -> Judgement:
    """All checks, run in order; the table goes on behind a failing one.

    A check that could not run is unknown and never a failure. Rows 1 to 3 count among those of
    `pic_enabled`: nobody is enabled whose account is missing or switched off.
    """
    checks = (*_checks(facts), _check(SERVICE, facts))
    governs = facts.governing
    return Judgement(
        checks=checks,
        pic_enabled=_all("pic", checks),
        route_ready=_all("route", checks),
        service_available=_all("service", checks),
        headline=_headline(checks, facts),
        governs=governs if isinstance(governs, Effective) and facts.found else None,
    )


def judge_organisation(facts: Facts) -> tuple[Check, ...]:
    """The checks that need no user."""
    return tuple(_check(row, facts) for row in (*ORGANISATION, SERVICE))


def rows_for(facts: Facts) -> tuple[Row, ...]:
    """The rows that decide for an account; an account whose home is not known is not online."""
    return (*ACCOUNT, *(ONLINE if facts.account.home == "online" else ON_PREMISES))


def _checks(facts: Facts) -> Iterable[Check]:
    """Without an account nothing can be asked of it; without its home, nothing behind that."""
    known = facts.found is True
    for row in rows_for(facts):
        yield _check(row, facts) if known or row is FOUND else _outcome(row, "unknown")
        if row.id == "home" and facts.account.home is None:
            known = False


def _check(row: Row, facts: Facts) -> Check:
    passed = row.test(facts)
    return _outcome(row, "unknown" if passed is None else "pass" if passed else "fail")


@lru_cache(maxsize=100)
def _outcome(row: Row, result: Result) -> Check:
    """One value for all users of whom a row says the same."""
    return Check(row, result)


def _all(answer: Answer, checks: Iterable[Check]) -> bool | None:
    """Any failed check makes it false, else any unknown one null, else it is true."""
    results = {check.result for check in checks if check.row.answer == answer}
    if "fail" in results:
        return False
    return None if "unknown" in results else True


def _headline(checks: Iterable[Check], facts: Facts) -> Check | None:
    """The first failing check; one for an account that is online and whose tenant is not read."""
    asked = [check for check in checks if not check.row.warning]
    if failing := next((check for check in asked if check.result == "fail"), None):
        return failing
    hindered = (check for check in asked if check.row.id == "home" and check.result == "unknown")
    return next(hindered, None) if facts.found and facts.account.home == "online" else None
