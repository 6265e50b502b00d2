"""Dated notices: told once, early, from their day on, and only where operators want them."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.library import load
from dialogs.model import Message
from dialogs.steps import Article, Notice
from tests.dialogs.sample import NOTICES, mistake, only_problem
from tests.dialogs.talks import ROOT, Player, assistant_of

LIBRARY = load(ROOT / "knowledge")
BY_NAME = {notice.name: notice for notice in LIBRARY.notices}
HEADING = LIBRARY.words.notice.heading


def notices_at(player: Player, topic: str) -> str:
    """What is told before a topic that is asked for by its title, or nothing."""
    player.say(LIBRARY.topics[topic].title)
    return "".join(reply.text for reply in player.replies if reply.heading == HEADING)


@pytest.mark.parametrize("notice", LIBRARY.notices, ids=BY_NAME)
def test_a_notice_is_one_or_two_sentences(notice: Notice) -> None:
    assert 1 <= notice.text.count(". ") + 1 <= 2


@pytest.mark.parametrize("topic", LIBRARY.topics)
def test_what_has_ended_is_told_first_at_every_topic(topic: str) -> None:
    player = Player(assistant_of(LIBRARY))
    told = notices_at(player, topic)
    heard = player.heard()
    if topic in BY_NAME["skype-closed"].told_in:
        assert HEADING not in heard
        assert "closed on 5 May 2025" in heard
    else:
        assert told.startswith(BY_NAME["skype-closed"].text)
        assert heard.index(HEADING) < heard.index(_own_words(topic))


def _own_words(topic: str) -> str:
    found = LIBRARY.topics[topic]
    return found.text if isinstance(found, Article) else found.title


def test_notices_are_told_once_in_a_conversation() -> None:
    player = Player(assistant_of(LIBRARY))
    assert "closed on 5 May 2025" in notices_at(player, "configure-lync-alerts")
    player.say("start over")
    assert HEADING not in player.heard()
    player.say("cancel")
    assert notices_at(player, "configure-lync-alerts") == ""


def test_more_than_two_are_told_one_topic_after_the_other() -> None:
    player = Player(assistant_of(LIBRARY))
    first = notices_at(player, "enable-office365-enterprise")
    assert first == "\n\n".join(BY_NAME[n].text for n in ("skype-closed", "online-retired"))
    player.say("cancel")
    second = notices_at(player, "enable-office365-enterprise")
    assert second == BY_NAME["teams-interop-ended"].text


def test_a_topic_that_tells_it_itself_counts_as_told() -> None:
    player = Player(assistant_of(LIBRARY))
    player.say(LIBRARY.topics["is-it-still-available"].title)
    assert "skype-closed" in player.progress.noticed
    assert "closed on 5 May 2025" not in notices_at(player, "add-lync-contact")


@pytest.mark.parametrize(("day", "told"), [("2025-05-04", ""), ("2025-05-05", "closed"), ("", "")])
def test_nothing_is_told_before_its_day(day: str, told: str) -> None:
    player = Player(assistant_of(LIBRARY), day=day)
    assert (told in notices_at(player, "recognise-the-other-side")) is True
    assert (HEADING in player.heard()) is bool(told)


def test_a_notice_cites_its_document() -> None:
    player = Player(assistant_of(LIBRARY))
    player.say(LIBRARY.topics["configure-lync-alerts"].title)
    (notice,) = [reply for reply in player.replies if reply.heading == HEADING]
    cited = [LIBRARY.sources[s].title for s in ("skype-retirement", "lifecycle")]
    assert all(title in notice.source for title in cited)


def test_operators_hide_notices() -> None:
    hidden = LIBRARY.hiding({"skype-closed", "client-support-ended"})
    assert notices_at(Player(assistant_of(hidden)), "configure-lync-alerts") == ""


def test_a_conversation_joined_on_the_page_has_no_notice_yet() -> None:
    player = Player(assistant_of(LIBRARY))
    player.hear(Message(player.person, joined=True))
    assert HEADING not in player.heard()


MISTAKES = [
    ("[tea]", "[teas]", "topics", "“teas” is not a topic. Did you mean “tea”?"),
    ("[tea]", "tea", "topics", "“topics” must be a list, such as [one, two]."),
    ("[coffee]", "[cofee]", "told in", "“cofee” is not a topic. Did you mean “coffee”?"),
    ("2020-02-02", "May 2020", "from", "“from” must be a day, such as 2025-05-05."),
    ("interop-end", "interop-ends", "source", "Did you mean “interop-end”?"),
    ("from:", "enabled: maybe\n  from:", "enabled", "“maybe” is no value for “enabled”."),
    ("told in:", "told inn:", "told inn", "not a name used here. Did you mean “told in”?"),
]


@pytest.mark.parametrize(
    ("file", "text", "at", "says"), [mistake(NOTICES, *changed) for changed in MISTAKES]
)
def test_a_mistake_in_a_notice_is_named(
    tmp_path: Path, file: str, text: str, at: str, says: str
) -> None:
    assert says in only_problem(tmp_path, file, text, at)


def test_a_notice_that_is_off_is_not_told() -> None:
    off = tuple(replace(notice, enabled=False) for notice in LIBRARY.notices)
    library = replace(LIBRARY, notices=off)
    assert notices_at(Player(assistant_of(library)), "add-lync-contact") == ""
