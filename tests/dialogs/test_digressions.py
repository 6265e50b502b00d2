"""A question in the middle of a procedure is answered, and the procedure goes on where it stood."""

from typing import Any

import pytest

from dialogs.library import load
from dialogs.memory import Progress
from tests.dialogs.talks import PERSON, ROOT, TALKS, Player, assistant_of, finding_of, talks_of

LIBRARY = load(ROOT / "knowledge")
ASSISTANT = assistant_of(LIBRARY)
ASIDE = "by the way, is the lync skype connection still available today"
ANSWER = LIBRARY.articles["is-it-still-available"]


def stops(topic: str) -> list[Player]:
    """Somebody at each place that the talks of a procedure come to while it is under way."""
    found: dict[str, Player] = {}
    for _, talk in talks_of(TALKS / f"{topic}.yaml"):
        player = Player(ASSISTANT, PERSON, finding_of(talk))
        for line in talk["says"]:
            if said := line.get("me"):
                player.say(said)
                if player.progress.walk and not player.progress.asking:
                    at = player.progress.walk.at
                    found.setdefault(f"{at.procedure}/{at.step}", _again(player, talk))
    return list(found.values())


def _again(player: Player, talk: dict[str, Any]) -> Player:
    progress = Progress.read(player.progress.write())
    return Player(ASSISTANT, PERSON, finding_of(talk), progress=progress)


@pytest.mark.parametrize("topic", LIBRARY.procedures)
def test_a_question_in_the_middle_is_answered_and_the_way_goes_on(topic: str) -> None:
    somewhere = stops(topic)
    assert somewhere
    for player in somewhere:
        before = player.progress.walk
        assert before
        outcome = player.say(ASIDE)
        where = f"{before.at.procedure}/{before.at.step}"
        assert outcome.understood == ANSWER.topic, where
        assert any(reply.heading == ANSWER.title for reply in outcome.replies), where
        assert "Back to “" in player.heard(), where
        player.say("yes")
        assert player.progress.walk == before, where


@pytest.mark.parametrize("topic", LIBRARY.procedures)
def test_another_procedure_in_the_middle_waits_for_a_yes(topic: str) -> None:
    """Its title, as a suggestion would be tapped; the place is kept either way."""
    other = next(p for p in LIBRARY.procedures.values() if p.topic != topic)
    for player in stops(topic):
        before = player.progress.walk
        assert before
        if other.topic == before.topic:
            continue
        player.say(other.title)
        assert "Your place is kept." in player.heard()
        player.say("continue")
        assert player.progress.walk == before


ANSWERS = {
    "enterprise name": ["Federation of Bakers", "Messenger Corp", "Lync", "Custom Domain Ltd"],
    "agreement number": ["V1234567", "it is V1234567, as far as I know"],
    "access edge fqdn": ["accessedge.contoso.com", "the edge is accessedge.contoso.com"],
    "sip domains": ["contoso.com", "all our people are on contoso.com"],
    "further fqdns": ["none", "edge2.contoso.com"],
    "contact name": [
        "The Skype team",
        "IT support",
        "Contoso federation team",
        "The administrator",
    ],
    "contact mail": ["bob@contoso.com", "write to bob@contoso.com about federation"],
    "contact phone": ["+1 425 555 0100", "call +1 425 555 0100 on lync or skype"],
}
"""Answers to the questions of provision-pic that sound like topics, or stand in a sentence."""


@pytest.mark.parametrize(
    ("question", "answer"), [(q, answer) for q, some in ANSWERS.items() for answer in some]
)
def test_an_answer_to_the_question_is_never_taken_for_a_topic(question: str, answer: str) -> None:
    player = Player(ASSISTANT)
    for said in ["request pic from microsoft", "A sheet and a mail with our data"]:
        player.say(said)
    while player.progress.walk and player.progress.walk.at.step != question:
        player.say(ANSWERS[player.progress.walk.at.step][0])
    assert player.say(answer).understood == "answer"


@pytest.mark.parametrize(
    "answer",
    [
        "bob@contoso.com",
        "add bob@contoso.com",
        "I want to add bob@contoso.com as a skype contact in lync please",
        "is bob@contoso.com a microsoft account",
    ],
)
def test_an_address_is_an_answer_in_whatever_sentence_it_stands(answer: str) -> None:
    player = Player(ASSISTANT)
    player.say("add a skype contact")
    assert player.say(answer).understood == "answer"
    assert player.progress.walk
    assert player.progress.walk.answers["contact address"] == "bob@contoso.com"
