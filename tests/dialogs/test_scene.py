"""What becomes of a conversation whose knowledge has changed, and of procedures that wait."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.library import Library, load
from dialogs.memory import Progress
from dialogs.model import Finding, Message, Press
from dialogs.reply import Reply
from dialogs.scene import PAUSED
from tests.dialogs.sample import COFFEE, FILES, TEA, loaded
from tests.dialogs.talks import ROOT, Player, assistant_of

LIBRARY = load(ROOT / "knowledge")
TOPIC = "add-skype-contact"


def standing(*said: str) -> Player:
    """Somebody who has said this, and then the knowledge changes."""
    player = Player(assistant_of(LIBRARY))
    for line in said:
        player.say(line)
    return player


def edited(folder: Path, *changes: tuple[str, str]) -> Library:
    """The real knowledge with these changes of words in the procedure, and where others name it."""
    shutil.copytree(ROOT / "knowledge", folder, dirs_exist_ok=True)
    for file in (folder / "en" / "procedures").glob("*.yaml"):
        text = file.read_text("utf-8")
        for old, new in changes:
            assert old in text or file.stem != TOPIC
            if file.stem == TOPIC or old == RENAMED[0]:
                text = text.replace(old, new)
        file.write_text(text, "utf-8")
    return load(folder)


RENAMED = ("im address", "chat address")
TOLD = ("do: In **IM Address**, type", "say: In **IM Address**, type")
NO_BOX = ('    type this: "{lync address}"\n', "")


def without(topic: str) -> Library:
    """The real knowledge without a procedure."""
    return replace(LIBRARY, procedures={t: p for t, p in LIBRARY.procedures.items() if t != topic})


AT_IM_ADDRESS = ("add skype contact bob@live.com", "done", "done")


@pytest.mark.parametrize("changes", [[RENAMED], [TOLD, NO_BOX]], ids=["gone", "waits no more"])
@pytest.mark.parametrize("how", ["typed", "pressed", "joined"])
def test_a_step_that_is_gone_begins_again_with_the_answers_kept(
    tmp_path: Path, changes: list[tuple[str, str]], how: str
) -> None:
    player = standing(*AT_IM_ADDRESS)
    player.assistant = assistant_of(edited(tmp_path, *changes))
    press = Press("done", player.progress.card) if how == "pressed" else None
    player.hear(Message(player.person, "done", press, joined=how == "joined"))
    assert "This procedure has changed since you were last here" in player.heard()
    assert "Add a Contact Not in My Organization" in player.heard()
    assert player.progress.walk
    assert player.progress.walk.answers["contact address"] == "bob@live.com"
    assert [place.step for place in player.progress.walk.path] == ["contact address"]


def test_what_is_begun_again_asks_again_what_it_has_to_find_out(tmp_path: Path) -> None:
    """Whether somebody is enabled may have changed as well."""
    player = standing(*AT_IM_ADDRESS)
    player.finding = Finding("no")
    player.assistant = assistant_of(edited(tmp_path, RENAMED))
    player.say("done")
    assert "Your account is not allowed to reach people on Skype." in player.heard()
    assert player.progress.walk
    assert player.progress.walk.at.step == "what to ask for"


def test_news_comes_through_where_a_step_is_gone(tmp_path: Path) -> None:
    player = standing(*AT_IM_ADDRESS)
    player.assistant = assistant_of(edited(tmp_path, RENAMED))
    player.hear(Message(player.person, event=Reply("Your ticket has an answer.")))
    assert "Your ticket has an answer." in player.heard()
    assert "Back to “Add a Skype contact to Lync”, step 4?" in player.heard()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("done", "Nothing is under way"),
        ("continue", "Nothing is under way"),
        ("add a lync contact", "How do you sign in to Skype?"),
        ("what is an msa", "is an e-mail address together with a password"),
    ],
)
def test_a_procedure_that_is_gone_is_not_under_way(text: str, answer: str) -> None:
    player = standing(*AT_IM_ADDRESS)
    player.assistant = assistant_of(without(TOPIC))
    player.say(text)
    assert answer in player.heard()


def test_a_procedure_that_waits_and_is_gone_is_not_offered() -> None:
    player = standing(*AT_IM_ADDRESS, "add a lync contact", "yes", "With a Skype name")
    player.assistant = assistant_of(without(TOPIC))
    player.say("stuck")
    assert "Back to" not in player.heard()
    player.say("continue")
    assert "Nothing is under way" in player.heard()


def test_a_topic_that_is_gone_cannot_be_agreed_to() -> None:
    player = standing("add contact skype lync")
    player.assistant = assistant_of(without("add-lync-contact"))
    assert player.say("Add a Lync contact to Skype").understood != "add-lync-contact"


# --- procedures that wait --------------------------------------------------------------------


@pytest.fixture
def errands(tmp_path: Path) -> Player:
    """Somebody who has begun more procedures than can wait."""
    files = {
        f"en/procedures/errand-{number}.yaml": FILES[COFFEE]
        .replace("Make coffee", f"Run errand {number}")
        .replace("make coffee", f"run errand {number}")
        for number in range(PAUSED + 3)
    }
    player = Player(assistant_of(loaded(tmp_path, files)))
    for number in range(PAUSED + 3):
        player.say(f"run errand {number}")
        player.say("yes" if number else "repeat")
    return player


def test_the_last_procedures_wait_and_the_oldest_are_given_up(errands: Player) -> None:
    assert [walk.topic for walk in errands.progress.paused] == ["errand-2", "errand-3", "errand-4"]
    assert errands.progress.walk
    assert errands.progress.walk.topic == "errand-5"


def test_they_are_offered_one_after_the_other(errands: Player) -> None:
    for number in (4, 3, 2):
        errands.say("done")
        assert f"Back to “Run errand {number}”, step 1?" in errands.heard()
        errands.say("yes")
    errands.say("done")
    left = errands.progress
    assert left == Progress(
        card=left.card, offered=left.offered, labels=left.labels, tried=left.tried
    )


def test_letting_one_go_keeps_the_others(errands: Player) -> None:
    errands.say("done")
    errands.say("no")
    assert [walk.topic for walk in errands.progress.paused] == ["errand-2", "errand-3"]
    errands.say("continue")
    assert errands.progress.walk
    assert errands.progress.walk.topic == "errand-3"


def test_one_that_waits_is_begun_anew_and_waits_no_more(errands: Player) -> None:
    errands.say("run errand 3")
    errands.say("yes")
    assert [walk.topic for walk in errands.progress.paused] == ["errand-2", "errand-4", "errand-5"]


def test_beginning_over_costs_no_other_its_place(errands: Player) -> None:
    before = errands.progress.paused
    errands.say("start over")
    assert errands.progress.paused == before


# --- what a person who takes over is told ------------------------------------------------------


def test_a_reason_to_hand_over_names_the_answer_and_bears_no_marks(tmp_path: Path) -> None:
    because = 'because: "There is **no** tea for `{contact address}`."'
    tea = FILES[TEA].replace("because: There is no tea.", because)
    player = Player(assistant_of(loaded(tmp_path, {TEA: tea})))
    for text in ("make tea", "There is", "bob@live.com", "back", "stuck"):
        player.say(text)
    assert "Problem: There is no tea for bob@live.com." in player.heard()
