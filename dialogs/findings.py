"""Puts what was found out about an account into words: for its owner, for agents, for a case."""

from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.library import Library
from dialogs.memory import AccountCheck
from dialogs.model import Finding
from dialogs.questions import ENABLED
from dialogs.reply import Button, Reply
from dialogs.sentences import fill
from dialogs.steps import Topic
from dialogs.verdicts import Fixed
from dialogs.words import AccountWords

TOPIC = "check-pic-enablement"
"""The procedure that finds out whether an account is enabled; it mends nothing."""
OUTCOMES = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class Findings:
    """Speaks of accounts with the words of one library; `day` is today (ISO 8601), or empty."""

    library: Library
    day: str = ""

    @property
    def words(self) -> AccountWords:
        """The sentences about accounts."""
        return self.library.words.account

    def told(self, finding: Finding | None, outcome: str) -> str:
        """What its owner is told: one short sentence, or what is missing and who can mend it."""
        if finding is not None and finding.late:
            return self.words.late
        account = finding.account if finding else None
        if account is None or (account.enabled is None and not self._fixed(account)):
            return self.library.words.outcomes.get(ENABLED, {}).get(outcome, "")
        said = [self.words.enabled] if account.enabled else []
        return " ".join([*said, *self._missing(account), *self._aged(account)])

    def to_send(self, account: AccountCheck | None) -> str:
        """What its owner can send to whoever is able to enable it."""
        fixed = self._fixed(account) if account else None
        if account is None or fixed is None:
            return self.words.please
        return fill(self.words.please_mend, {"address": account.address, "asked": fixed.ask})

    def noted(self, account: AccountCheck) -> str:
        """The verdict as a line of a case."""
        fixed = self._fixed(account)
        what = self._fix(account, fixed) if fixed else self._state(account)
        named = {"at": _minute(account.at), "verdict": account.verdict, "what": what}
        return fill(self.words.noted, named)

    def card(self, account: AccountCheck) -> Reply:
        """All checks, for an agent: each by word, who can mend it, and the topic that tells how."""
        fixed = self._fixed(account)
        topic = self._procedure(fixed) if fixed else None
        begin = fill(self.library.words.buttons.begin, {"title": topic.title}) if topic else ""
        return Reply(
            text="\n".join(self._lines(account, fixed)),
            heading=account.address,
            buttons=(Button(begin, topic.title, primary=True),) if topic else (),
            source=fill(self.words.read, {"source": account.source, "at": _minute(account.as_of)}),
        )

    def _lines(self, account: AccountCheck, fixed: Fixed | None) -> Iterator[str]:
        yield f"**{self._state(account)}**"
        if fixed:
            who = self.words.who_mends.get(account.who, "")
            yield from ("", f"{self._fix(account, fixed)} {who}".rstrip())
        yield ""
        if account.policy:
            named = {"policy": account.policy, "scope": self.words.scopes[account.scope]}
            yield f"- {fill(self.words.policy, named)}"
        for verdict, result in account.results:
            if known := self.library.fixes.get(verdict):
                check = {"result": self.words.results[result], "check": known.check}
                yield f"- {fill(self.words.row, check)}"

    def _state(self, account: AccountCheck) -> str:
        return self.words.state[OUTCOMES[account.enabled]]

    def _missing(self, account: AccountCheck) -> Iterator[str]:
        fixed = self._fixed(account)
        if fixed is None:
            return
        yield fixed.missing
        yield from filter(None, [self.words.who.get(account.who)])
        if topic := self._procedure(fixed):
            yield fill(self.words.described, {"title": topic.title})

    def _aged(self, account: AccountCheck) -> Iterator[str]:
        """From when the facts are, where that is not today."""
        day = account.as_of.partition("T")[0]
        if day and self.day and day < self.day:
            yield fill(self.words.aged, {"day": day})

    def _fixed(self, account: AccountCheck) -> Fixed | None:
        """How its headline is mended; None where nothing is known to be wrong."""
        return self.library.fixes.get(account.verdict)

    def _procedure(self, fixed: Fixed) -> Topic | None:
        """The topic that tells how to mend it, where there is one but the check itself."""
        return self.library.topic(fixed.topic) if fixed.topic != TOPIC else None

    def _fix(self, account: AccountCheck, fixed: Fixed) -> str:
        named = {"policy": account.policy, "scope": account.scope}
        return fill(fixed.sentence(account.scope), named).strip()


def _minute(at: str) -> str:
    """A time as people read it: 2026-11-22T12:00:31Z → 2026-11-22 12:00 UTC"""
    return f"{at[:10]} {at[11:16]} UTC"
