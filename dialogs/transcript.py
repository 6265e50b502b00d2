"""The text of a conversation as it goes along with a case: who said what and when."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, takewhile

from dialogs.model import Said
from dialogs.sentences import fill, unmarked
from dialogs.words import Words

LONGEST = 100_000
"""Characters of a transcript, at most; the latest ones are kept."""
LONGEST_SAID = 8_000
"""Characters of one message that are kept."""
CUT = "…"
INDENT = " " * 6 + "| "
"""In front of the further lines of a message, so that none looks like one of somebody else's."""


def transcript(said: Iterable[Said], mask: Callable[[str], str], words: Words) -> str:
    """What was said, a message a line and more, oldest first, each text as `mask` leaves it.

    A reply that shows the case as a form, or this very text, is left out, and with it what was said
    to see it: so what a person looks at is what goes along.
    """
    forms = tuple(unmarked(form).strip() for form in (words.case.offer, words.enclosed.preview))
    told = list(_told(said, forms))
    latest = _latest(told)
    earlier = words.transcript.earlier
    lines = [] if len(latest) == len(told) else [earlier]
    lines += _lines(latest, mask, words)
    return bounded("\n".join(lines), LONGEST, earlier)


def bounded(text: str, longest: int, earlier: str) -> str:
    """The latest of a text, in whole lines; where something is cut off, it says so first."""
    if len(text) <= longest:
        return text
    room = longest - len(earlier) - 1
    _, _, rest = text[len(text) - room - 1 :].partition("\n")
    return f"{earlier}\n{rest or text[len(text) - room :]}"


def _latest(told: list[Said]) -> list[Said]:
    """As much of the end as can be shown: masking what is cut off afterwards only takes time."""
    whole = accumulate(min(len(one.text), LONGEST_SAID) for one in reversed(told))
    kept = sum(1 for _ in takewhile(lambda size: size <= LONGEST, whole))
    return told[len(told) - kept :]


def _told(said: Iterable[Said], forms: tuple[str, ...]) -> Iterator[Said]:
    """What was said but for the turns in which nothing but forms was shown."""
    for came, *replies in _turns(said):
        told = [one for one in replies if not any(form in one.text for form in forms)]
        if told or not replies:
            yield came
        yield from told


def _turns(said: Iterable[Said]) -> Iterator[list[Said]]:
    """Each message with the replies to it."""
    turn: list[Said] = []
    for one in said:
        if turn and one.direction == "in":
            yield turn
            turn = []
        turn.append(one)
    if turn:
        yield turn


def _lines(said: Iterable[Said], mask: Callable[[str], str], words: Words) -> Iterator[str]:
    day = ""
    for one in said:
        if not one.text.strip():
            continue
        if one.at[:10] != day:
            day = one.at[:10]
            yield fill(words.transcript.day, {"day": day})
        cut = CUT if len(one.text) > LONGEST_SAID else ""
        told = map(str.strip, mask(one.text[:LONGEST_SAID]).splitlines())
        lines = f"\n{INDENT}".join(filter(None, told))
        yield f"{one.at[11:16]} {_who(one, words)}: {lines}{cut}"


def _who(one: Said, words: Words) -> str:
    if one.direction == "in":
        return words.transcript.person
    quoting, _, _ = words.case.comment.partition("{")
    return words.transcript.desk if one.text.startswith(quoting) else words.transcript.assistant
