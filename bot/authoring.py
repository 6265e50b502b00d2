"""The author's tools: `python -m bot knowledge check | draw | try | coverage | missed | learn`.

Each returns the exit status: 0 all well, 1 something was refused or is missing.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot import app, models
from bot.channels.console import Console
from bot.commands import converse_with, interruptible, ready_database, say, tried
from bot.settings import Settings
from bot.storage.database import open_store
from bot.storage.memory import MemoryStore
from bot.storage.records import Missed
from dialogs import coverage
from dialogs.draw import flowchart
from dialogs.library import Library, load, study
from dialogs.model import Message
from dialogs.schema import suggest
from dialogs.steps import Procedure

AUTHOR = "lync.user@fabrikam.com"
"""The person of the demo as whom an author plays a topic."""
MOST_MISSED = 10_000
"""Texts that were not understood of which at most we tell, the latest ones."""


def check(settings: Settings, root: Path = app.KNOWLEDGE) -> int:
    """Reads all of the knowledge; names every mistake with file, line and remedy."""
    library = load(root, settings.language, _talks(root))  # main says what is wrong
    procedures, articles = len(library.procedures), len(library.articles)
    say(f"The knowledge is in order: {procedures} procedures, {articles} articles.")
    return 0


def draw(settings: Settings, topic: str) -> int:
    """A procedure's flow as Mermaid text."""
    library = load(app.KNOWLEDGE, settings.language)
    found = library.topic(topic)
    if isinstance(found, Procedure):
        print(flowchart(found, {p.topic: p.title for p in library.procedures.values()}), end="")
        return 0
    say(
        f"“{topic}” is an article, which has no steps to draw. `knowledge try {topic}` shows it."
        if found
        else _unknown(topic, library)
    )
    return 1


def play(settings: Settings, topic: str) -> int:
    """A topic as a conversation in this terminal that begins with it; nothing of it is kept."""
    program = app.build(settings, MemoryStore())
    found = program.library.topic(topic)
    if found is None:
        say(_unknown(topic, program.library))
        return 1
    person = program.who(AUTHOR, "")
    opening = Message(person, found.title)
    interruptible(converse_with(program, Console(sys.stdout), person, opening))
    return 0


def cover(settings: Settings, root: Path = app.KNOWLEDGE) -> int:
    """Lists each fact of the documents with the steps that tell it, and names what is missing."""
    library, documents = study(root, settings.language)
    covered = coverage.cover(root, library)
    print("\n".join(coverage.listed(covered)))
    problems = list(coverage.problems(covered, documents))
    for problem in problems:
        say(str(problem))
    if not problems:
        say(f"All {len(covered.facts)} facts are told.")
    return int(bool(problems))


def learn(settings: Settings) -> int:
    """Learns from the phrasings what the service would learn at its start."""
    library = load(app.KNOWLEDGE, settings.language)
    model = models.understander(library, settings.data_dir, say).model
    labels, features = len(model.labels), len(model.features.numbers)
    say(f"Learned: {labels} kinds of wishes are told apart by {features} features.")
    return 0


def missed(settings: Settings, *, as_json: bool) -> int:
    """Lists what people said and was not understood, the most frequent first."""

    async def stored() -> Sequence[Missed]:
        store = open_store(settings.database_url)
        try:
            return await store.missed(MOST_MISSED)
        finally:
            await store.close()

    if not tried(ready_database(settings)) or (found := tried(stored())) is None:
        return 1
    counted = Counter((one.text, one.place) for one in found)
    for (text, place), times in counted.most_common():
        said = {"times": times, "text": text, "place": place}
        where = f"  ({place})" if place else ""
        print(json.dumps(said, ensure_ascii=False) if as_json else f"{times:5} × {text}{where}")
    say(f"{len(found)} texts were not understood." if found else "Everything was understood.")
    return 0


def _talks(root: Path) -> frozenset[str] | None:
    """The names of the talks in the project that the knowledge is part of; None outside of one."""
    folder = root.parent / "tests" / "talks"
    return frozenset(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else None


def _unknown(topic: str, library: Library) -> str:
    return f"“{topic}” is not a topic. {suggest(topic, sorted(library.topics))}"
