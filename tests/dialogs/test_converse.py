"""What holds in every conversation, whatever is sent and in whatever order."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.flow import waits
from dialogs.library import load
from dialogs.memory import Progress
from dialogs.model import Finding, Message, Missed, Outcome, Press
from dialogs.replies import PERSON
from dialogs.reply import Reply
from dialogs.scene import PAUSED
from dialogs.steps import End
from dialogs.walk import LONGEST_PATH
from tests.dialogs.talks import ROOT, Player, assistant_of, numbers
from tests.dialogs.texts import NEAR_ADDRESSES, TEXTS

LIBRARY = load(ROOT / "knowledge")
ASSISTANT = assistant_of(LIBRARY)


@dataclass(frozen=True)
class Tap:
    """Presses a button of the last replies, counted round."""

    number: int


CONTROLS = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
"""What no channel could carry, or what a terminal would obey."""

ACTS = [phrases[0] for phrases in LIBRARY.phrases.values()]
TITLES = [topic.title for topic in LIBRARY.topics.values()]
SAID = [phrase for topic in LIBRARY.topics.values() for phrase in topic.phrases[:3]]
WISHES = st.sampled_from(SAID).flatmap(lambda said: NEAR_ADDRESSES.map(lambda a: f"{said} {a}"))
SENT = st.one_of(
    st.sampled_from(ACTS),
    st.sampled_from(TITLES),
    st.sampled_from(SAID),
    st.sampled_from(["bob@contoso.com", "bob@live.com", "ted@fabrikam.com", "live:bob", "1", "2"]),
    NEAR_ADDRESSES,
    NEAR_ADDRESSES.map("convert {}".format),
    NEAR_ADDRESSES.map("convert back {}".format),
    WISHES,
    TEXTS,
)
MOVES = st.one_of(
    st.integers(0, 5).map(Tap),
    st.integers(0, 5).map(Tap),
    st.sampled_from(ACTS),
    SENT,
    st.builds(Press, SENT, st.integers(0, 12)),
    st.just("joined"),
    st.just(Reply("Your ticket has an answer.")),
)


def message(move: object, player: Player) -> Message:
    """A move as a message of the player's."""
    match move:
        case Tap(number) if player.buttons():
            button, card = list(player.buttons().values())[number % len(player.buttons())]
            return Message(player.person, press=Press(button.says, card))
        case Press():
            return Message(player.person, press=move)
        case Reply():
            return Message(player.person, event=move)
        case "joined":
            return Message(player.person, joined=True)
        case str(text):
            return Message(player.person, text)
    return Message(player.person, "help")


@settings(max_examples=150)
@given(st.lists(MOVES, max_size=25), st.sampled_from(["yes", "no", "unknown"]))
def test_every_conversation(moves: list[object], enabled: str) -> None:
    player = Player(ASSISTANT, finding=Finding(enabled))
    for move in moves:
        before, heard = player.progress, message(move, player)
        expected = player.would(heard)
        outcome = player.hear(heard)
        assert outcome == expected
        answers_kindly(outcome)
        remembers(outcome.progress)
        a_stale_press_changes_nothing(heard, before, outcome.progress)
        every_button_can_be_typed(player)


def answers_kindly(outcome: Outcome) -> None:
    assert outcome.replies
    assert outcome.understood
    for reply in outcome.replies:
        assert reply.text.strip()
        assert not CONTROLS.search(reply.text + reply.copy)
        assert "mailto:" not in reply.text
        assert all(button.label and button.says for button in reply.buttons)
        step, steps = numbers(reply)
        assert (step >= 1) == bool(reply.place)
        assert step <= steps


def remembers(progress: Progress) -> None:
    assert Progress.read(progress.write()) == progress
    walks = [walk for walk in (*progress.paused, progress.walk) if walk]
    assert len({walk.topic for walk in walks}) == len(walks)
    assert len(progress.paused) <= PAUSED
    for walk in walks:
        assert waits(LIBRARY.step(walk.at))
        assert len(walk.path) <= LONGEST_PATH
    if progress.asking and progress.asking.kind == "worked":
        assert progress.walk
        assert isinstance(LIBRARY.step(progress.walk.at), End)


def every_button_can_be_typed(player: Player) -> None:
    """The same becomes of a button's words, and something becomes of them."""
    for button, card in player.buttons().values():
        pressed = player.would(Message(player.person, press=Press(button.says, card)))
        assert pressed == player.would(Message(player.person, button.says))
        assert pressed.understood not in {"lost", "card behind"} or button.says == "none"


def a_stale_press_changes_nothing(heard: Message, before: Progress, after: Progress) -> None:
    press = heard.press
    if press and press.card not in (0, before.card) and press.says != PERSON:
        assert (after.walk, after.paused) == (before.walk, before.paused)


# --- hostile text ----------------------------------------------------------------------------

STRAIGHT_ON = ["add lync contact bob@contoso.com", "1", *["done"] * 6]
STANDING = {
    "nothing is under way": [],
    "a question waits": ["add a skype contact"],
    "a step waits": ["add skype contact bob@live.com"],
    "a choice waits": ["add skype contact bob@contoso.com"],
    "it is asked whether it worked": STRAIGHT_ON,
    "it is asked which topic": ["add skype contact bob@live.com", "add contact skype lync"],
    "it is asked whether to switch": ["add skype contact bob@live.com", "add lync contact"],
    "an aside was answered": ["add skype contact bob@live.com", "what is an msa"],
    "an address is asked for": ["add skype contact bob@live.com", "convert"],
    "another one waits": ["add skype contact bob@live.com", "add lync contact", "yes", "cancel"],
}
HOSTILE = [
    *(piece * (100_000 // len(piece)) for piece in ("x", "ü ", "\u0315\u0300", "a@", "(", "\n")),
    "\x00\x01\x1b\x7f\x85",
    "bob\x1b[31m\x07",
    "bob\ud83d",
    "\u202e\u2066\u200f\u200b",
    "\u202etcatnoc enon\u202c",
    "🙂🙂🏳️‍🌈",
    "…!;:-)(",
    "\ud800\udfff",
    "\ud83d hm",
    "`**_[x](y)_**`",
    "{title} {step}",
    "<script>x</script>",
    "\u0315\u0300" * 2000,
]


@pytest.mark.parametrize("said", STANDING.values(), ids=STANDING)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_is_answered_kindly_and_loses_nothing(said: list[str], text: str) -> None:
    player = Player(ASSISTANT)
    for line in said:
        player.say(line)
    before = player.progress
    for _ in range(3):
        answers_kindly(player.hear(Message(player.person, text)))
        remembers(player.progress)
        assert player.progress.walk == before.walk
        assert player.progress.paused == before.paused
        assert len(player.heard()) < 3000
    answers_kindly(player.hear(Message(player.person, press=Press(text))))
    assert player.progress.walk == before.walk


# --- the rest --------------------------------------------------------------------------------


def test_the_examples_that_the_assistant_gives_are_understood() -> None:
    words = LIBRARY.words
    given = re.findall("“([^”]+)”", f"{words.help.text} {words.understanding.rephrase}")
    assert len(given) == 4
    for example in given:
        assert Player(ASSISTANT).say(example).understood in {*LIBRARY.topics, "convert"}


def test_a_defect_costs_nobody_their_place() -> None:
    player = Player(ASSISTANT)
    player.say("add skype contact bob@live.com")
    outcome = ASSISTANT.trouble(player.progress)
    assert outcome.progress == player.progress
    assert outcome.replies == (Reply(LIBRARY.words.trouble),)


def test_the_helpdesk_is_named_where_the_operator_names_it() -> None:
    player = Player(assistant_of(LIBRARY, contact="extension 4711"))
    player.say("talk to a person")
    assert "You reach your helpdesk here: extension 4711" in player.heard()


# --- what was not understood ---------------------------------------------------------------------


def test_what_was_not_understood_is_kept_with_where_it_was_said() -> None:
    player = Player(assistant_of(LIBRARY))
    assert player.say("flurbish the grommet 4255550100").missed == Missed(
        "flurbish the grommet [number]"
    )
    player.say("add skype contact bob@live.com")
    assert player.say("flurbish the grommet").missed == Missed(
        "flurbish the grommet", "add-skype-contact/open the form"
    )
    assert player.say("done").missed is None


def test_what_was_offered_in_vain_was_not_understood() -> None:
    player = Player(assistant_of(LIBRARY))
    outcome = player.say("add a contact")
    assert outcome.understood == "which topic?"
    assert player.say("none of these").missed == Missed("add a contact")
