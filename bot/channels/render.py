"""Reply → activity: an Adaptive Card where the channel shows cards, numbered text elsewhere.

Every activity carries its whole text as well, for screen readers and notifications.
"""

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from bot.storage.records import Outgoing, Reference
from dialogs.reply import Button, Field, Picture, Reply

Json = dict[str, Any]

CARD_CHANNELS = frozenset({"directline", "webchat", "emulator", "msteams"})
"""Channels, by their Bot Framework ids, that show Adaptive Cards."""

STRUCTURE = ("buttons", "copy", "heading", "source", "picture", "fields", "link")
"""What of a reply needs a card; a text by itself needs none."""

BLANK = "\N{NO-BREAK SPACE}"
"""What an empty line is shown as: Web Chat leaves out a run of blanks."""

CARD = "application/vnd.microsoft.card.adaptive"

_MARKS = re.compile(r"\*\*|`")
_LINKED = re.compile(r"`[^`]*`|(?P<mail>[^\s`“”,;:<>]+@[^\s`“”,;:<>]*\w)|(?<=\w)\.(?=\w)")
"""What stands in a frame; an address of mail; the dot of a domain."""
_DOT = re.compile(r"\.(?=\w)")


@dataclass(frozen=True)
class Gallery:
    """Where a channel finds pictures: below an address, `at`, and which are there, by file.

    Without an address it finds none.
    """

    at: str = ""
    drawn: frozenset[str] = frozenset()

    def address(self, picture: Picture) -> str:
        """Where a picture is, empty where it cannot be shown."""
        return self.at + picture.file if self.at and picture.file in self.drawn else ""


NO_GALLERY = Gallery()


def shape(reply: Reply, to: Reference, gallery: Gallery = NO_GALLERY) -> Outgoing:
    """A reply as the activity that suits its channel."""
    text = plain_text(reply)
    if to.channel not in CARD_CHANNELS:
        activity: Json = {"type": "message", "text": text, "textFormat": "plain"}
    elif any(getattr(reply, part) for part in STRUCTURE):
        activity = {
            "type": "message",
            "summary": text,
            "attachments": [{"contentType": CARD, "content": card(reply, gallery)}],
            "channelData": {"webchat:fallback-text": text},
        }
    else:
        activity = {"type": "message", "text": unlinked(reply.text), "textFormat": "markdown"}
    return Outgoing(to_json(activity).decode(), text)


def plain_text(reply: Reply) -> str:
    """A reply for those who see no cards; buttons are numbered and can be answered by number."""
    lines = [reply.heading, reply.place, without_marks(reply.text)]
    lines.append(reply.picture.told if reply.picture else "")
    lines += [line for field in reply.fields for line in (_typed(field), field.error)]
    lines.append(reply.copy and f"\n{reply.copy}\n")
    lines.append(f"{reply.link.label}: {reply.link.url}" if reply.link else "")
    lines += [f"{number}. {b.label}" for number, b in enumerate(reply.numbered, reply.first)]
    lines.append(reply.source)
    return "\n".join(line for line in lines if line)


def _typed(field: Field) -> str:
    """A field with what stands in it, below its label where that has several lines."""
    return f"{field.label}:{chr(10) if field.several_lines else ' '}{field.value}"


def without_marks(text: str) -> str:
    """Text without the marks of Markdown that we use.

    >>> without_marks("Click **Add a Contact**, type `bob(contoso.com)@msn.com`.")
    'Click Add a Contact, type bob(contoso.com)@msn.com.'
    """
    return _MARKS.sub("", text)


def unlinked(text: str) -> str:
    """Markdown in which nothing becomes a link by itself: addresses are framed, dots escaped.

    Nobody can receive mail at a converted address, and no answer should send people to a site.

    >>> unlinked("For Outlook.com: bob@contoso.com, as in `a.b`.")
    'For Outlook\\\\.com: `bob@contoso.com`, as in `a.b`.'
    """

    if "@" not in text and not _DOT.search(text):  # most texts, and to look is far quicker
        return text

    def safe(found: re.Match[str]) -> str:
        if found["mail"]:
            return f"`{found['mail']}`"
        return "\\." if found[0] == "." else found[0]

    return _LINKED.sub(safe, text)


def card(reply: Reply, gallery: Gallery = NO_GALLERY) -> Json:
    """A reply as an Adaptive Card (version 1.5; nothing in it that Teams or Web Chat lack)."""
    body: list[Json] = []
    if reply.heading:
        body.append(_text(unlinked(reply.heading), size="medium", weight="bolder", style="heading"))
    if reply.place:
        body.append(_text(reply.place, size="small", isSubtle=True, spacing="none"))
    body.append(_text(unlinked(reply.text)))
    if reply.picture:
        body.append(_picture(reply.picture, gallery.address(reply.picture)))
    for field in reply.fields:
        body += _input(field)
    if reply.copy:
        body.append(_box(reply.copy))
    if actions := _actions(reply):
        body.append({"type": "ActionSet", "actions": actions, "spacing": "medium"})
    if reply.source:
        body.append(_text(unlinked(reply.source), size="small", isSubtle=True, spacing="medium"))
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": body,
    }


def _text(text: str, **style: object) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


def _picture(picture: Picture, address: str) -> Json:
    """A picture, or its words where it cannot be shown."""
    if not address:
        return _text(unlinked(picture.told), isSubtle=True)
    enlarged = {"allowExpand": True}  # Teams shows it as large as the window when it is tapped
    return {"type": "Image", "url": address, "altText": picture.alt, "msTeams": enlarged}


def _input(field: Field) -> list[Json]:
    """A field to type into, and beside it what is wrong with what stands there.

    A channel asks for what was emptied; where nothing stood at first it would hold up any button.
    """
    box: Json = {
        "type": "Input.Text",
        "id": field.name,
        "label": field.label,
        "value": field.value,
        "maxLength": field.longest,
        "isMultiline": field.several_lines,
        "isRequired": bool(field.value),
        "errorMessage": field.needed,
    }
    wrong = [_text(field.error, color="attention", spacing="none")] if field.error else []
    return [box, *wrong]


def _box(value: str) -> Json:
    """What is to be copied, in a box of its own.

    Text runs and no text blocks: those are read as Markdown, which would eat characters of an
    address or make it a link to a mail that nobody can receive.
    """
    lines = value.splitlines()
    runs = [
        {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": line or BLANK, "fontType": "monospace"}],
            "spacing": "none",
        }
        for line in lines
    ]
    return {"type": "Container", "style": "emphasis", "items": runs}


def _actions(reply: Reply) -> list[Json]:
    """The buttons, but for those that a card's fields take the place of, and the way elsewhere."""
    actions = [_action(b, reply) for b in reply.buttons if b.only != "text"]
    if reply.link:
        away = {"type": "Action.OpenUrl", "title": reply.link.label, "url": reply.link.url}
        actions.append(away)
    return actions


def _action(button: Button, reply: Reply) -> Json:
    style = {"style": "positive"} if button.primary else {}
    data: Json = {"says": button.says, "card": reply.card, "label": button.label}
    if reply.form:
        data["form"] = reply.form
    # What is typed goes along with the buttons that want it, and only those ask for it.
    takes = button.primary or button.takes_fields
    alone = {"associatedInputs": "none"} if reply.fields and not takes else {}
    return {"type": "Action.Submit", "title": button.label, "data": data, **style, **alone}
