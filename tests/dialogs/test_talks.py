"""Every topic has a talk, and the talks of a procedure reach each of its steps and ways."""

from collections.abc import Iterator

import pytest

from dialogs.library import load
from dialogs.memory import Place
from dialogs.steps import Ask, Choose, Do, End, Procedure, Step
from tests.dialogs.talks import ROOT, TALKS, Recording, play, recorded_library, talks_of

FILES = sorted(TALKS.glob("*.yaml"))
CASES = [(file, name, talk) for file in FILES for name, talk in talks_of(file)]
TOPICS = load(ROOT / "knowledge").topics


@pytest.mark.parametrize(
    ("talk"), [t for _, _, t in CASES], ids=[f"{f.stem}: {n}" for f, n, _ in CASES]
)
def test_talk(talk: dict[str, object]) -> None:
    play(talk, recorded_library())


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_has_a_talk(topic: str) -> None:
    assert (TALKS / f"{topic}.yaml").exists(), f"write tests/talks/{topic}.yaml"


@pytest.mark.parametrize("topic", sorted(t for t in TOPICS if isinstance(TOPICS[t], Procedure)))
def test_talks_reach_every_step_and_way(topic: str) -> None:
    library = recorded_library()
    procedure = library.procedures[topic]
    taken: set[tuple[Place, str]] = set()
    for _, talk in talks_of(TALKS / f"{topic}.yaml"):
        taken |= play(talk, library).taken
    assert isinstance(procedure.steps, Recording)
    assert set(procedure.steps) - procedure.steps.entered == set()
    ways = {
        (Place(procedure=topic, step=s.name), w) for s in procedure.steps.values() for w in _ways(s)
    }
    assert ways - taken == set()


def _ways(step: Step) -> Iterator[str]:
    """The ways out of a step that only a person's answer opens."""
    if isinstance(step, Choose):
        yield from step.options
    elif (isinstance(step, Do | Ask) and step.if_stuck) or (isinstance(step, End) and step.if_not):
        yield "stuck"
