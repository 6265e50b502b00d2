"""Walking: how steps are counted, and what becomes of a walk whose procedure has changed."""

from dataclasses import replace

import pytest

from dialogs import walk as walking
from dialogs.library import Library, load
from dialogs.memory import Place, Walk
from dialogs.model import Outcome, Person
from dialogs.questions import Facts
from dialogs.steps import Choose, Do, End, FindOut, Say, Step
from tests.dialogs.talks import ROOT, RULES, Player, assistant_of, numbers

LIBRARY = load(ROOT / "knowledge")
FACTS = Facts(Person("u"), RULES, LIBRARY.reasons)
TOPIC = "add-skype-contact"


def at(step: str, topic: str = TOPIC) -> Place:
    return Place(procedure=topic, step=step)


def changed(library: Library, topic: str, steps: dict[str, Step | None]) -> Library:
    """A library with other steps in a procedure; None takes one away."""
    procedure = library.procedures[topic]
    merged = {**procedure.steps, **steps}
    kept = {name: step for name, step in merged.items() if step is not None}
    procedures = {**library.procedures, topic: replace(procedure, steps=kept)}
    return replace(library, procedures=procedures)


# --- how steps are counted -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "address", "place"),
    [
        ("add-skype-contact", "", (1, 11)),
        ("add-skype-contact", "bob@live.com", (2, 9)),
        ("add-skype-contact", "bob@contoso.com", (2, 10)),
        ("add-skype-contact", "bob(contoso.com)@msn.com", (2, 10)),
        ("add-skype-contact", "ted@fabrikam.com", (2, 11)),
        ("add-skype-contact-custom-domain", "", (1, 11)),
        ("add-skype-contact-custom-domain", "bob@live.com", (2, 9)),
        ("add-skype-contact-custom-domain", "bob@contoso.com", (2, 10)),
        ("add-skype-contact-custom-domain", "bob(contoso.com)@msn.com", (2, 10)),
        ("add-skype-contact-custom-domain", "ted@fabrikam.com", (2, 11)),
        ("add-lync-contact", "", (1, 11)),
        ("add-lync-contact", "bob@contoso.com", (1, 10)),
        ("add-lync-contact", "bob(contoso.com)@msn.com", (1, 10)),
        ("add-lync-contact", "bob@live.com", (1, 11)),
    ],
)
def test_the_longest_way_that_is_open_is_counted(
    topic: str, address: str, place: tuple[int, int]
) -> None:
    walk = walking.begin(LIBRARY.procedures[topic], address, LIBRARY, FACTS).walk
    assert walking.number(walk, LIBRARY, FACTS) == place


@pytest.mark.parametrize("topic", sorted(t for t in LIBRARY.procedures if t.startswith("add-")))
@pytest.mark.parametrize("address", ["bob@live.com", "bob@contoso.com"])
def test_steps_are_counted_one_by_one_on_the_straight_way(topic: str, address: str) -> None:
    player = Player(assistant_of(LIBRARY))
    outcome = player.say(LIBRARY.procedures[topic].title)
    shown = []
    while place := _place(outcome):
        shown.append(place)
        step = LIBRARY.step(outcome.progress.walk.at) if outcome.progress.walk else None
        first = next(iter(step.options)) if isinstance(step, Choose) else "done"
        outcome = player.say(address if "address" in getattr(step, "answer", "") else first)
    assert [step for step, _ in shown] == list(range(1, len(shown) + 1))
    assert all(step <= steps for step, steps in shown)
    assert shown[-1][1] == len(shown), "the last one is the last that was counted on"


def _place(outcome: Outcome) -> tuple[int, int] | None:
    shown = [numbers(reply) for reply in outcome.replies if reply.place]
    return shown[-1] if shown else None


def test_a_circle_of_answers_is_counted_once() -> None:
    """Whoever says “I have another address” is asked again; the way is not longer for that."""
    answers = {"sip address": "bob@live.com"}
    walk = Walk(topic="add-lync-contact", at=at("is it lync", "add-lync-contact"), answers=answers)
    assert walking.number(walk, LIBRARY, FACTS) == (1, 7)


def test_whether_it_worked_is_no_step() -> None:
    path = (at("call"), at("finished"))
    walk = Walk(topic=TOPIC, at=at("what goes wrong"), path=path)
    assert walking.number(walk, LIBRARY, FACTS) == (2, 3)


def test_a_step_that_is_gone_is_counted_as_the_last() -> None:
    walk = Walk(topic=TOPIC, at=at("gone"), path=(at("gone before"), at("open the form")))
    assert walking.number(walk, LIBRARY, FACTS) == (2, 2)


# --- what is remembered of the way -----------------------------------------------------------


def test_the_way_back_is_not_remembered_for_ever() -> None:
    walk = Walk(topic=TOPIC, at=at("open the form"))
    for _ in range(walking.LONGEST_PATH):
        walk = walking.go(walk, "pick skype", LIBRARY, FACTS).walk
        walk = walking.go(walk, "open the form", LIBRARY, FACTS).walk
    assert len(walk.path) == walking.LONGEST_PATH
    step, steps = walking.number(walk, LIBRARY, FACTS)
    assert step == walking.LONGEST_PATH + 1 <= steps


def test_back_passes_over_what_is_no_step_to_rest_at_any_more() -> None:
    library = changed(LIBRARY, TOPIC, {"pick skype": None, "im address": Say("im address", "", "")})
    path = (at("open the form"), at("pick skype"), at("im address"))
    rest = walking.back(Walk(topic=TOPIC, at=at("contact group"), path=path), library)
    assert rest
    assert (rest.walk.at, rest.walk.path) == (at("open the form"), ())
    assert walking.back(Walk(topic=TOPIC, at=at("contact group"), path=path[1:]), library) is None


# --- a procedure that has changed ------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        None,
        Say("im address", "Take your time.", "contact group"),
        FindOut("im address", "lync address", {}),
        End("im address", "stop", "That is all."),
    ],
)
def test_a_walk_begins_again_where_it_cannot_rest_any_more(now: Step | None) -> None:
    library = changed(LIBRARY, TOPIC, {"im address": now})
    answers = {"contact address": "bob@live.com"}
    walk = Walk(topic=TOPIC, at=at("im address"), path=(at("contact address"),), answers=answers)
    rest, gone = walking.again(walk, library, FACTS)
    assert gone
    assert (rest.walk.at, rest.walk.path) == (at("open the form"), (at("contact address"),))
    assert rest.walk.answers["contact address"] == "bob@live.com"


def test_a_walk_stays_where_its_step_only_reads_otherwise() -> None:
    library = changed(LIBRARY, TOPIC, {"im address": Do("im address", "New words.", "call")})
    walk = Walk(topic=TOPIC, at=at("im address"), path=(at("pick skype"),))
    rest, gone = walking.again(walk, library, FACTS)
    assert (rest.walk, rest.step, gone) == (walk, library.step(walk.at), False)


def test_what_a_new_question_needs_is_asked_then() -> None:
    """The walk was beyond the place where the procedure asks it by now."""
    judge = FindOut("pick skype", "lync address", {"converted": "im address", "ordinary": "call"})
    library = changed(LIBRARY, TOPIC, {"pick skype": judge})
    walk = Walk(topic=TOPIC, at=at("open the form"))
    rest = walking.go(walk, "pick skype", library, FACTS)
    assert rest.walk.at == at("contact address")


def test_an_address_that_is_changed_waits_for_no_other_question() -> None:
    walk = walking.begin(LIBRARY.procedures[TOPIC], "bob@live.com", LIBRARY, FACTS).walk
    assert walk.given["sip address"] == "bob@live.com"
    assert (
        "bob@live.com" not in walking.reopen(walk, "contact address", LIBRARY).walk.given.values()
    )
