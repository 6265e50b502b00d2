"""What operators keep in files, and what is wrong with it."""

from pathlib import Path

import pytest

from bot.desk.recording import Route
from bot.environment import SettingsError
from bot.lists import read_people, read_routes

KNOWN = {"pic_policy_off", "presence-unknown"}


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_people_have_addresses_by_their_ids(tmp_path: Path) -> None:
    text = "\ufeffid,address\r\n29:1x,lync.user@fabrikam.com\n\n8c1d,ted@fabrikam.com\n"

    assert read_people(written(tmp_path, text)) == {
        "29:1x": "lync.user@fabrikam.com",
        "8c1d": "ted@fabrikam.com",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1 (ASSISTANT_PEOPLE): the first line must be: id,address."),
        ("address,id\n", ":1 (ASSISTANT_PEOPLE): the first line must be: id,address."),
        ("id,address\n29:1x\n", ":2 (ASSISTANT_PEOPLE): an id and an address are needed."),
        ("id,address\n29:1x,ted\n", ":2 (ASSISTANT_PEOPLE): an id and an address are needed."),
        ("id,address\n,ted@fabrikam.com\n", ":2 (ASSISTANT_PEOPLE): an id and an address"),
        ("id,address\n1,ted@fabrikam.com,x\n", ":2 (ASSISTANT_PEOPLE): it has too many values."),
        (
            "id,address\n1,ted@fabrikam.com\n1,bob@fabrikam.com\n",
            ":3 (ASSISTANT_PEOPLE): this id stands in a line above, too.",
        ),
        (b"id,address\n1,\xff@fabrikam.com\n", "which is no CSV file."),
        ('id,address\n1,"ted"@fabrikam.com\n', "which is no CSV file."),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_people(written(tmp_path, text))

    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"No such file"):
        read_people(tmp_path / "people.csv")


def test_routes_are_read_by_topic_or_verdict(tmp_path: Path) -> None:
    text = "about,queue,priority,group\npic_policy_off,admins,high,lync\npresence-unknown,users,,\n"

    assert read_routes(written(tmp_path, text), KNOWN) == {
        "pic_policy_off": Route("admins", "high", "lync"),
        "presence-unknown": Route("users"),
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1 (ASSISTANT_DESK_ROUTES): the first line must be: about,queue,priority,group."),
        ("about,queue,priority,group\n,users,,\n", ":2 (ASSISTANT_DESK_ROUTES): a topic or"),
        ("about,queue,priority,group\na,b,c,d,e\n", ":2 (ASSISTANT_DESK_ROUTES): it has too"),
        (b"about,queue,priority,group\n\xff,,,\n", "which is no CSV file."),
        (
            "about,queue,priority,group\n\npic_policy_of,users,,\n",
            "“pic_policy_of” is no verdict and no topic. Did you mean “pic_policy_off”?",
        ),
        (
            "about,queue,priority,group\n*,users,,\n",
            "Use one of: pic_policy_off, presence-unknown.",
        ),
    ],
)
def test_a_mistake_in_routes_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read_routes(written(tmp_path, text), KNOWN)

    assert says in str(raised.value)


def test_a_file_of_routes_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_routes(tmp_path / "routes.csv", KNOWN)
