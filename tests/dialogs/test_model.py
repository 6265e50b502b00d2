"""Progress is kept as JSON, and what cannot be read begins anew."""

import pytest

from dialogs.memory import Asking, Place, Progress, Walk

WALK = Walk(
    topic="add-skype-contact",
    at=Place(procedure="add-skype-contact", step="im address"),
    path=(Place(procedure="add-skype-contact", step="contact address"),),
    answers={"contact address": "bob@bücher.de"},
    given={"sip address": "ted@contoso.com"},
)
FULL = Progress(
    walk=WALK,
    paused=(WALK, WALK),
    asking=Asking(kind="switch", topics=("add-lync-contact",), address="ted@contoso.com"),
    misunderstood=1,
    card=7,
    offered=("done", "back"),
)


def test_all_of_it_comes_back() -> None:
    assert Progress.read(FULL.write()) == FULL
    assert Progress.read(Progress().write()) == Progress()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "not JSON",
        "\ud800",
        '{"card": "many"}',
        '{"walk": {"topic": "add-skype-contact"}}',
        '{"asking": {"kind": "a kind of a later version"}}',
        FULL.write().replace('"version":1', '"version":2'),
        FULL.write()[:-1],
        "[" * 10_000,
    ],
    ids=ascii,
)
def test_what_cannot_be_read_begins_anew(text: str) -> None:
    assert Progress.read(text) == Progress()
