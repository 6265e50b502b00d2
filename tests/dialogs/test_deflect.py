"""What is offered in a person's place, held against texts that nobody wrote for it; talks play the
rest."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from dialogs import deflect
from dialogs.library import load
from dialogs.memory import Place, Progress, Walk
from dialogs.model import Message, Press
from dialogs.questions import ENABLED, Facts
from dialogs.scene import Scene
from tests.dialogs.talks import PERSON, ROOT, RULES, Player, assistant_of, understander_of

LIBRARY = load(ROOT / "knowledge")
BLIND = ROOT / "tests" / "benchmarks" / "blind.jsonl"
SCENE = Scene(
    LIBRARY,
    Facts(PERSON, RULES, LIBRARY.reasons),
    Progress(),
    understander=understander_of(LIBRARY),
)
WISHES = (
    "can I speak to somebody, {}",
    "I want to talk to a human. {}",
    "{}. Can I talk to someone?",
    "please open a ticket, {}",
)


class Text(NamedTuple):
    """What somebody wrote, and the topic that they meant, or something else."""

    text: str
    label: str


def blind() -> Iterator[Text]:
    """Texts of people who know no phrasing."""
    for line in BLIND.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Text(row["text"], row["label"])


def sure(text: str) -> str:
    """The topic that would be offered."""
    found = deflect.sure(text, SCENE)
    return found.topic if found else ""


def test_a_wrong_topic_is_never_offered_for_a_description() -> None:
    offered = {one: topic for one in blind() if (topic := sure(one.text))}

    assert [one for one, topic in offered.items() if topic != one.label] == []
    assert len(offered) > 150


@pytest.mark.parametrize("wish", WISHES)
def test_hardly_a_wrong_topic_is_offered_to_who_wishes_for_a_person(wish: str) -> None:
    said = [(deflect.besides(wish.format(one.text), SCENE), one) for one in blind()]
    offered = {one: topic for rest, one in said if rest and (topic := sure(rest))}

    assert sum(topic != one.label for one, topic in offered.items()) <= 1
    assert len(offered) > 50


def test_who_only_wishes_for_a_person_is_offered_no_topic() -> None:
    wishes = (*LIBRARY.phrases[deflect.WISH], *LIBRARY.phrasings[deflect.WISH])
    assert [text for text in wishes if sure(deflect.besides(text, SCENE))] == []


def test_who_means_a_topic_does_not_wish_for_a_person() -> None:
    meant = [one.text for one in blind() if one.label in LIBRARY.topics]
    assert [text for text in meant if deflect.besides(text, SCENE)] == []


def test_an_offer_behind_moves_nothing() -> None:
    player = Player(assistant_of(LIBRARY, desk=True))
    for text in ("add skype contact bob@live.com", "talk to a person"):
        player.say(text)
    offer = player.buttons()["Try it"]
    player.say("continue")
    player.say("done")
    before = player.progress.walk
    player.hear(Message(PERSON, press=Press(offer[0].says, offer[1])))

    assert player.progress.walk == before
    assert "That card is behind you" in player.heard()


def test_a_way_that_has_to_be_looked_up_first_is_not_offered() -> None:
    """It may lead to a person as well."""
    at = Place(procedure="call-a-contact", step="see the card")
    walk = Walk(topic="call-a-contact", at=at)
    enabled = walk.model_copy(update={"answers": {ENABLED: "yes"}})

    assert deflect.way(replace(SCENE, progress=Progress(walk=walk))) is None
    assert deflect.way(replace(SCENE, progress=Progress(walk=enabled)))
