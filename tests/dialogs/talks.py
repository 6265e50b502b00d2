"""Plays talks: what a person says and what the assistant must answer, as written in tests/talks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from dialogs.addresses import AddressRules
from dialogs.classifier import Model
from dialogs.converse import Assistant
from dialogs.library import Library, load
from dialogs.memory import AccountCheck, Place, Progress
from dialogs.model import (
    CaseNews,
    CaseShown,
    Due,
    Finding,
    Found,
    Message,
    MyCases,
    Outcome,
    Person,
    PicStatus,
    Press,
    Recorded,
    Said,
    SaidHere,
    Want,
)
from dialogs.reply import Button, Reply
from dialogs.sentences import PLACEHOLDER, unmarked
from dialogs.steps import Choose, Procedure, Step
from dialogs.training import train
from dialogs.understand import Understander, examples

ROOT = Path(__file__).parents[2]
TALKS = ROOT / "tests" / "talks"
TODAY = "2026-11-22"
PERSON = Person("lync.user@fabrikam.com", address="lync.user@fabrikam.com")
AGENTS = frozenset({"agent@fabrikam.com"})
RULES = AddressRules(own_domains=frozenset({"fabrikam.com"}))


class Recording(dict[str, Step]):
    """Steps that note which of them a walk enters: it looks them up with `get`, and only it."""

    def __init__(self, steps: Mapping[str, Step]) -> None:
        super().__init__(steps)
        self.entered: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.entered.add(name)
        return super().get(name, default)


def recorded_library() -> Library:
    """The real knowledge, its procedures recording what is reached."""
    library = load(ROOT / "knowledge")
    procedures: dict[str, Procedure] = {
        topic: replace(procedure, steps=Recording(procedure.steps))
        for topic, procedure in library.procedures.items()
    }
    return replace(library, procedures=procedures)


def assistant_of(library: Library, **changes: Any) -> Assistant:
    """An assistant whose organisation is the documents' fabrikam.com."""
    assistant = Assistant(library, understander_of(library), RULES, agents=AGENTS)
    return replace(assistant, **changes)


LEARNED: dict[str, Model] = {}
"""Models by what they learned from: most libraries of tests differ in their steps alone."""


def understander_of(library: Library) -> Understander:
    """What tells a library's topics apart; learned once for all tests."""
    texts = examples(library)
    lesson = json.dumps([texts, library.lexicon.model_dump()])
    if lesson not in LEARNED:
        LEARNED[lesson] = train(texts, library.lexicon)
    return Understander.of(library, LEARNED[lesson])


UNKNOWN = Finding("unknown")
ENABLED: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}


def found_out(enabled: str, verdict: str = "", who: str = "lync_admin") -> Finding:
    """What comes of a look at an account; without a verdict nothing is known but the outcome."""
    if not verdict:
        return Finding(enabled)
    at = f"{TODAY}T12:00:31Z"
    account = AccountCheck(
        address="", enabled=ENABLED[enabled], verdict=verdict, who=who, at=at, as_of=at,
        policy="No public contacts", scope="user", source="snapshot",
        results=(("user_not_found", "pass"), (verdict, "fail"), ("ms_provisioning", "unknown")),
    )  # fmt: skip
    return Finding(enabled, account)


def finding_of(talk: Mapping[str, Any]) -> Finding:
    """What comes of looking at accounts in a talk, by its `enabled:`, `verdict:`, `late:` and
    `refused:`."""
    finding = found_out(talk.get("enabled", "unknown"), talk.get("verdict", ""))
    flags: Any = {name: talk.get(name) == "yes" for name in ("late", "refused", "too_often")}
    return replace(finding, **flags)


def about(want: PicStatus, finding: Finding) -> Finding:
    """The same finding about the account that somebody wants to know of."""
    if finding.account is None:
        return finding
    account = finding.account.model_copy(update={"address": want.address})
    return replace(finding, account=account)


@dataclass
class Player:
    """Plays one person's side against the assistant, and remembers which ways were taken."""

    assistant: Assistant
    person: Person = PERSON
    finding: Finding = UNKNOWN
    day: str = TODAY
    progress: Progress = field(default_factory=Progress)
    replies: tuple[Reply, ...] = ()
    taken: set[tuple[Place, str]] = field(default_factory=set)
    cases: list[CaseShown] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    lines: list[Said] = field(default_factory=list)
    legible: bool = True
    recorded: Recorded | None = None
    noted: str = ""

    def say(self, text: str) -> Outcome:
        """Types a text, or presses the [button] of that label."""
        return self.hear(self._message(text))

    def hear(self, message: Message) -> Outcome:
        """Takes any message; the progress is written and read, as between two turns."""
        before, outcome = self.progress, self.would(message)
        self._note(before, outcome, message)
        self.progress, self.replies = outcome.progress, outcome.replies
        self._keep(outcome, message)
        return outcome

    def would(self, message: Message) -> Outcome:
        """What a message would lead to; nothing is changed."""
        number = len(self.cases) + len(self.promised) + 1
        message = replace(message, day=self.day, fresh=f"LS-{number:04d}", conversation="talk")
        found: dict[Any, Finding] = {}
        before = Progress.read(self.progress.write())
        while (outcome := self.assistant.answer(message, before, found)).wants:
            found |= {want: self._found(want) for want in outcome.wants}
        return outcome

    def _found(self, want: Want) -> Finding:
        if isinstance(want, MyCases):
            return Finding("found", cases=tuple(reversed(self.cases)))
        if isinstance(want, SaidHere):
            return Finding("found", said=tuple(self.lines)) if self.legible else UNKNOWN
        return about(want, self.finding)

    def _keep(self, outcome: Outcome, message: Message) -> None:
        """What the store does with what is said, with cases and follow-ups."""
        if outcome.follow_up:
            self.promised.append(outcome.follow_up)
        came = message.press.says if message.press else message.text
        at = f"{self.day}T12:00:31+00:00"
        told = (unmarked("\n".join(filter(None, _parts(reply)))) for reply in outcome.replies)
        self.lines += [Said("in", came, at), *(Said("out", text, at) for text in told)]
        if case := outcome.recorded:
            self.recorded = case
            said = {"title": case.draft.title, "text": case.draft.text}
            self.cases.append(CaseShown(id=case.id, state="recorded", **said))
        if done := outcome.done:
            (number,) = (n for n, one in enumerate(self.cases) if one.id == done.case)
            changes = {"state": done.state, "version": done.version + 1, "by": "person"}
            reads = asdict(done.reads) if done.reads else {}
            self.cases[number] = self.cases[number].model_copy(update={**changes, **reads})
            self.noted = done.text or self.noted

    def heard(self) -> str:
        """All that the assistant said last."""
        return "\n".join(part for reply in self.replies for part in _parts(reply))

    def buttons(self) -> Mapping[str, tuple[Button, int]]:
        """The buttons of the last replies by label, each with its card."""
        return {b.label: (b, reply.card) for reply in self.replies for b in reply.buttons}

    def _message(self, text: str) -> Message:
        if not (text.startswith("[") and text.endswith("]")):
            return Message(self.person, text)
        button, card = self.buttons()[text[1:-1]]
        return Message(self.person, press=Press(button.says, card))

    def _note(self, before: Progress, outcome: Outcome, message: Message) -> None:
        """Notes by which way the step where the person stood was left."""
        if before.walk is None:
            return
        step = self.assistant.library.step(before.walk.at)
        if outcome.understood == "stuck":
            self.taken.add((before.walk.at, "stuck"))
        elif outcome.understood == "option" and isinstance(step, Choose):
            text = message.press.says if message.press else message.text
            by_number = before.offered[int(text) - 1 : int(text)] if text.isdigit() else ()
            said = [o for o in step.options if o.casefold() == text.casefold()]
            self.taken |= {(before.walk.at, option) for option in (*said, *by_number)}


def talks_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The talks of a file by name."""
    for talk in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
        yield talk["talk"], talk


def play(talk: Mapping[str, Any], library: Library) -> Player:
    """Plays a talk and checks every line of it."""
    address = talk.get("as", PERSON.address)
    person = Person(address, address=address)
    library = library.keeping_cases() if talk.get("desk") == "kept here" else library
    told = {
        "desk": talk.get("desk", "no") != "no",
        "follow_ups": talk.get("follow ups") != "no",
        "links": talk.get("links") != "no",
        "transcripts": talk.get("transcript", "none"),
    }
    assistant = assistant_of(library, **told)
    player = Player(assistant, person, finding_of(talk), talk.get("on", TODAY))
    player.legible = talk.get("unreadable") != "yes"
    lines = talk["says"]
    for line, following in zip(lines, [*lines[1:], {}], strict=True):
        if "bot" in line:
            assert line["bot"] in player.heard(), f"not said: {line['bot']}\n{player.heard()}"
        elif "sent" in line:
            assert line["sent"] in _sent(player), f"not sent: {line['sent']}\n{_sent(player)}"
        elif "not sent" in line:
            assert line["not sent"] not in _sent(player), f"sent: {line['not sent']}"
        elif "not" in line:
            assert line["not"] not in player.heard(), f"said: {line['not']}\n{player.heard()}"
        else:
            before = player.progress
            text = _do(player, line)
            moved = _standing(before) != _standing(player.progress)
            silent = line.keys() & {"later", "due"} and not player.replies
            assert moved or silent or "bot" in following, f"“{text}” does not move on"
            well_worded(player.replies)
    return player


def _sent(player: Player) -> str:
    """All that the desk is given with the last case, and the last note."""
    assert player.recorded, "no case is recorded"
    draft, transcript = player.recorded.draft, player.recorded.transcript
    return "\n".join([draft.title, draft.text, *draft.details, transcript, player.noted])


def well_worded(replies: Iterable[Reply]) -> None:
    """Nothing is left unfilled or empty, and no mark of Markdown stands where none is shown."""
    for reply in replies:
        labels = [button.label for button in reply.buttons]
        bare = [reply.heading, reply.place, reply.copy, reply.source, *labels]
        assert reply.text.strip()
        assert not any("**" in part or "`" in part for part in bare), bare
        said = "\n".join([reply.text, *bare])
        assert not PLACEHOLDER.search(said), said
        assert "mailto:" not in said
        step, steps = numbers(reply)
        assert step <= steps


def numbers(reply: Reply) -> tuple[int, int]:
    """Which step a card shows, and of about how many; zeros where it shows none."""
    step, steps = map(int, re.findall(r"\d+", reply.place) or (0, 0))
    return step, steps


def _do(player: Player, line: Mapping[str, str]) -> str:
    """What happens in a line: the person types, presses or comes back, or there is news."""
    ((kind, text),) = line.items()
    match kind:
        case "me":
            player.say(text)
        case "long":
            player.say("x" * int(text))
        case "press":
            says, _, card = text.partition(" of card ")
            player.hear(Message(player.person, press=Press(says, int(card))))
        case "joined":
            player.hear(Message(player.person, joined=True))
        case "form":
            player.hear(_filled_in("hand over", text, player))
        case "save":
            of_case, _, typed = text.partition(" / ")
            player.hear(_filled_in(f"save {of_case}", typed, player))
        case _:
            player.hear(_unasked(player, kind, text))
    return text


def _filled_in(says: str, typed: str, player: Player) -> Message:
    """A press on a card with a title and a description typed into it."""
    typed, _, form = typed.partition(" of form ")
    values = dict(zip(("title", "text"), typed.split(" / "), strict=True))
    press = Press(says, values=values, form=int(form or 0))
    return Message(player.person, press=press)


def _unasked(player: Player, kind: str, text: str) -> Message:
    """What the assistant tells of its own accord."""
    match kind:
        case "later":
            enabled, verdict, *whose = text.split()
            own = player.person.address
            want = PicStatus(whose[0], by=own) if whose else PicStatus(own)
            late: Found = {want: about(want, found_out(enabled, verdict.strip("-")))}
            return Message(player.person, late=late)
        case "desk":
            state, *more = text.split()
            placed = dict(zip(("ticket", "link"), more, strict=False))
            changes = {"state": state, "by": "" if state == "submitted" else "desk", **placed}
            player.cases[-1] = player.cases[-1].model_copy(update=changes)
            return Message(player.person, event=CaseNews(player.cases[-1]))
        case "comment":
            news = CaseNews(player.cases[-1], text, moved=False)
            return Message(player.person, event=news)
        case "due":
            return Message(player.person, event=Due(player.promised[int(text) - 1]))
        case "news":
            return Message(player.person, event=Reply(text))
    raise ValueError(f"a talk knows no “{kind}:”")


def _standing(progress: Progress) -> object:
    return (progress.walk, progress.asking, progress.paused)


def _parts(reply: Reply) -> tuple[str, ...]:
    fields = (f"{field.label}: {field.value}\n{field.error}" for field in reply.fields)
    link = f"{reply.link.label}: {reply.link.url}" if reply.link else ""
    return (reply.heading, reply.place, reply.text, *fields, reply.copy, link, reply.source)
