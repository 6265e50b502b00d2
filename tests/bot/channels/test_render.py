"""A reply as each channel shows it: cards where there are cards, numbered text elsewhere."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pressed import read_pressed
from bot.channels.render import (
    BLANK,
    CARD,
    CARD_CHANNELS,
    NO_GALLERY,
    Gallery,
    plain_text,
    shape,
    without_marks,
)
from bot.storage.records import Reference
from dialogs.model import Press
from dialogs.reply import Button, Field, Link, Picture, Reply

STEP = Reply(
    text="In **IM Address**, type `bob(contoso.com)@msn.com`, and no other.",
    heading="Add a Skype contact to Lync",
    place="Step 3 of about 8",
    copy="bob(contoso.com)@msn.com",
    buttons=(Button("Done", "done", primary=True), Button("This didn't work", "stuck")),
    source="Source: Provisioning Guide",
    card=7,
)
TEXT = """\
Add a Skype contact to Lync
Step 3 of about 8
In IM Address, type bob(contoso.com)@msn.com, and no other.

bob(contoso.com)@msn.com

1. Done
2. This didn't work
Source: Provisioning Guide"""


def to(channel: str) -> Reference:
    return Reference(channel=channel, conversation="1", user_id="29:1")


PICTURE = Picture(
    "form-1.png", "The form, with bob@contoso.com", "Picture: The form, with bob@contoso.com"
)
ILLUSTRATED = replace(STEP, picture=PICTURE)
GALLERY = Gallery("https://example.com/pictures/", frozenset({"form-1.png"}))


def shown(reply: Reply, channel: str = "msteams", gallery: Gallery = NO_GALLERY) -> dict[str, Any]:
    """The activity that a channel gets."""
    activity: dict[str, Any] = json.loads(shape(reply, to(channel), gallery).activity)
    return activity


def elements(part: object) -> Iterator[dict[str, Any]]:
    """Every element of a card, with those inside it."""
    if isinstance(part, dict):
        yield part
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for inner in inside:
        yield from elements(inner)


# --- tables ----------------------------------------------------------------------------------


def test_a_step_as_a_card() -> None:
    activity = shown(STEP)

    assert activity["summary"] == TEXT
    assert activity["channelData"] == {"webchat:fallback-text": TEXT}
    [attachment] = activity["attachments"]
    assert attachment["contentType"] == CARD
    heading, place, text, box, actions, source = attachment["content"]["body"]
    assert (heading["text"], heading["style"]) == (STEP.heading, "heading")
    assert (place["text"], place["isSubtle"]) == (STEP.place, True)
    assert (text["text"], text["wrap"]) == (STEP.text, True)
    assert (source["text"], source["isSubtle"]) == (STEP.source, True)
    assert actions["actions"] == [
        {
            "type": "Action.Submit",
            "title": "Done",
            "data": {"says": "done", "card": 7, "label": "Done"},
            "style": "positive",
        },
        {
            "type": "Action.Submit",
            "title": "This didn't work",
            "data": {"says": "stuck", "card": 7, "label": "This didn't work"},
        },
    ]
    assert box["type"] == "Container"


def test_what_is_to_be_copied_is_no_markdown() -> None:
    """A text block would take underscores for italics, and an address for a link."""
    body = shown(Reply("Copy:", copy="b_o_b@contoso.com\n\n**ted**"))["attachments"][0]["content"]
    boxes = [part for part in elements(body) if part.get("type") == "RichTextBlock"]

    runs = [run for box in boxes for run in box["inlines"]]
    assert [run["text"] for run in runs] == ["b_o_b@contoso.com", BLANK, "**ted**"]
    assert {run["type"] for run in runs} == {"TextRun"}


def test_a_step_as_text() -> None:
    assert shown(STEP, "sms") == {"type": "message", "text": TEXT, "textFormat": "plain"}
    assert shape(STEP, to("sms")).text == shape(STEP, to("msteams")).text == TEXT


@pytest.mark.parametrize("channel", sorted(CARD_CHANNELS))
@pytest.mark.parametrize(
    "reply",
    [STEP, Reply("a", heading="b"), Reply("a", source="b"), Reply("a", copy="b"),
     Reply("a", buttons=(Button("b", "c"),))],
)  # fmt: skip
def test_whatever_has_a_structure_is_a_card_where_there_are_cards(
    channel: str, reply: Reply
) -> None:
    assert "attachments" in shown(reply, channel)


def test_a_picture_stands_between_the_instruction_and_what_is_to_be_copied() -> None:
    [attachment] = shown(ILLUSTRATED, "webchat", GALLERY)["attachments"]
    _, _, text, image, box, *_ = attachment["content"]["body"]

    assert (text["text"], box["type"]) == (STEP.text, "Container")
    assert (image["type"], image["url"]) == ("Image", "https://example.com/pictures/form-1.png")
    assert image["altText"] == PICTURE.alt


@pytest.mark.parametrize("gallery", [NO_GALLERY, Gallery("/pictures/"), Gallery("", GALLERY.drawn)])
def test_where_no_picture_can_be_shown_its_words_stand(gallery: Gallery) -> None:
    """Nobody would reach it, or it is not drawn."""
    [attachment] = shown(ILLUSTRATED, "msteams", gallery)["attachments"]
    _, _, text, words, box, *_ = attachment["content"]["body"]

    assert (text["text"], box["type"]) == (STEP.text, "Container")
    assert words["text"] == "Picture: The form, with `bob@contoso.com`"


def test_the_words_of_a_picture_go_along_with_every_card_and_text() -> None:
    told = TEXT.replace("and no other.\n", f"and no other.\n{PICTURE.told}\n")
    assert shown(ILLUSTRATED, "msteams", GALLERY)["summary"] == told
    assert shown(ILLUSTRATED, "sms", GALLERY)["text"] == told


def test_a_sentence_with_a_picture_is_a_card() -> None:
    [attachment] = shown(Reply("Look.", picture=PICTURE), gallery=GALLERY)["attachments"]
    assert [part["type"] for part in attachment["content"]["body"]] == ["TextBlock", "Image"]


@pytest.mark.parametrize("channel", ["skype", "sms", "email", "slack", "console", ""])
def test_channels_without_cards_get_none(channel: str) -> None:
    assert set(shown(STEP, channel)) == {"type", "text", "textFormat"}


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("You are welcome.", "You are welcome."),
        ("Click **Add a Contact**.", "Click **Add a Contact**."),
        ("It is bob@contoso.com.", "It is `bob@contoso.com`."),
        ("It is `bob@contoso.com`.", "It is `bob@contoso.com`."),
        ("bob(a.com)@msn.com, not bob@a.com", "`bob(a.com)@msn.com`, not `bob@a.com`"),
        ("On outlook.com", "On outlook\\.com"),
    ],
)  # fmt: skip
def test_a_sentence_is_markdown_where_there_are_cards(text: str, markdown: str) -> None:
    activity = {"type": "message", "text": markdown, "textFormat": "markdown"}
    assert shown(Reply(text)) == activity


# --- what holds for any reply ----------------------------------------------------------------

PIECES = [
    "Type", "`b@a.com`", "**Skype**,", "bob@contoso.com", "bob(contoso.com)@msn.com.",
    "“t@live.com”", "outlook.com", "a_b", "[x](y)", "\n- ", "end.",
]  # fmt: skip
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="`")
WORDS = st.lists(st.sampled_from(PIECES) | st.text(LETTERS, max_size=5), max_size=12).map(" ".join)
BUTTONS = st.builds(Button, st.text(min_size=1), st.text(min_size=1), st.booleans())
REPLIES = st.builds(
    Reply,
    text=WORDS,
    heading=st.sampled_from(["", "Add a Skype contact"]),
    copy=st.sampled_from(["", "bob(contoso.com)@msn.com", "Problem: x\nFrom: bob@contoso.com"]),
    buttons=st.lists(BUTTONS, max_size=9).map(tuple),
    source=st.sampled_from(["", "Source: Provisioning Guide"]),
    card=st.integers(0, 99),
    picture=st.sampled_from([None, PICTURE]),
)


@given(REPLIES)
def test_every_button_has_its_typed_equivalent(reply: Reply) -> None:
    """By its number in the text that goes along with every card, and by what it says."""
    activity = shown(reply)
    text = activity.get("summary", "")
    actions = [part for part in elements(activity) if part.get("type") == "Action.Submit"]

    assert len(actions) == len(reply.buttons)
    for number, (button, action) in enumerate(zip(reply.buttons, actions, strict=True), start=1):
        assert f"\n{number}. {button.label}" in f"\n{text}"
        assert action["data"]["says"] == button.says
        assert action["data"]["card"] == reply.card


@given(REPLIES, st.sampled_from(["msteams", "webchat", "sms"]))
def test_no_address_becomes_a_link_to_mail(reply: Reply, channel: str) -> None:
    activity = shown(reply, channel)
    assert "mailto" not in json.dumps(activity)

    read_as_markdown = [
        part["text"] for part in elements(activity) if part.get("type") == "TextBlock"
    ]
    if activity.get("textFormat") == "markdown":
        read_as_markdown.append(activity["text"])
    for text in read_as_markdown:
        assert not re.search(r"\w@\w", re.sub(r"`[^`]*`", "", text))


@given(REPLIES)
def test_a_card_holds_all_that_its_text_holds(reply: Reply) -> None:
    text = plain_text(reply)
    told = reply.picture.told if reply.picture else ""
    for part in (reply.heading, reply.copy, reply.source, told, without_marks(reply.text)):
        assert part in text
    drawn = json.dumps(shown(reply), ensure_ascii=False)
    for part in (reply.heading, reply.source, *reply.copy.splitlines()):
        assert part in drawn


SITE = "A note (news.contoso.com, 2026)"


@pytest.mark.parametrize(
    "reply",
    [replace(STEP, text=SITE), replace(STEP, heading=SITE), replace(STEP, source=SITE)],
    ids=["text", "heading", "source"],
)
def test_no_name_of_a_site_becomes_a_link(reply: Reply) -> None:
    """A cited page is named for those who want to look for it; nobody is sent there."""
    blocks = shown(reply)["attachments"][0]["content"]["body"]
    assert any(block.get("text") == SITE.replace(".", "\\.") for block in blocks)
    assert SITE in plain_text(reply)


FORM = Reply(
    text="This is what I would record.",
    fields=(
        Field("title", "Title", "Bob", 120, needed="Something has to stand here."),
        Field("text", "What is wrong", "It began", 4000, True, "That is too long."),
    ),
    buttons=(
        Button("Hand it over", "hand over", primary=True),
        Button("Change the title", "change the title", only="text"),
        Button("Save", "save", takes_fields=True, only="card"),
        Button("Not now", "no"),
    ),
)


def test_a_form_as_a_card() -> None:
    body = card_of(FORM)["body"]
    title, text = (item for item in body if item["type"] == "Input.Text")
    assert (title["id"], title["value"], title["maxLength"]) == ("title", "Bob", 120)
    assert (title["isRequired"], title["errorMessage"]) == (True, "Something has to stand here.")
    assert text["isMultiline"]
    assert body[body.index(text) + 1]["text"] == "That is too long."
    hand_over, save, not_now = body[-1]["actions"]
    assert "associatedInputs" not in hand_over
    assert save["title"] == "Save"
    assert (not_now["title"], not_now["associatedInputs"]) == ("Not now", "none")


def test_a_form_as_text() -> None:
    assert plain_text(FORM).splitlines() == [
        "This is what I would record.",
        "Title: Bob",
        "What is wrong:",
        "It began",
        "That is too long.",
        "1. Hand it over",
        "2. Change the title",
        "3. Not now",
    ]


def test_buttons_are_numbered_behind_those_of_another_reply() -> None:
    assert plain_text(replace(FORM, first=5)).splitlines()[-3:] == [
        "5. Hand it over",
        "6. Change the title",
        "7. Not now",
    ]


@pytest.mark.parametrize("form", [0, 3])
def test_what_a_card_sends_is_read_as_it_was_meant(form: int) -> None:
    data = card_of(replace(FORM, form=form))["body"][-1]["actions"][0]["data"]
    pressed = read_pressed({**data, "title": "Bob"})

    assert pressed
    assert pressed.label == "Hand it over"
    assert pressed.press() == Press("hand over", 0, {"title": "Bob"}, form)


@pytest.mark.parametrize("value", [None, "hand over", {"text": "Bob"}, {"says": "x", "form": -1}])
def test_what_is_no_press_of_ours_is_none(value: object) -> None:
    assert read_pressed(value) is None


def test_a_way_elsewhere_opens_there() -> None:
    reply = Reply("It is ticket 17.", link=Link("Open the ticket", "https://a.example/17"))
    [action] = card_of(reply)["body"][-1]["actions"]
    assert (action["type"], action["url"]) == ("Action.OpenUrl", "https://a.example/17")
    assert plain_text(reply).endswith("Open the ticket: https://a.example/17")


def card_of(reply: Reply) -> dict[str, Any]:
    """The card of a reply, as a channel with cards gets it."""
    content: dict[str, Any] = json.loads(shape(reply, to("msteams")).activity)["attachments"][0]
    return dict(content["content"])
