"""What a case says in its person's words: its title and its description, and how they are typed."""

from collections.abc import Mapping

from dialogs.answers import clean
from dialogs.model import Act, Press, Wording
from dialogs.reply import Field
from dialogs.sentences import fill
from dialogs.words import Words

TITLE, TEXT = 120, 4000
"""Characters of a case's title and of its description, at most; a note is as long as the latter."""
CHANGE_TITLE, CHANGE_TEXT = "change the title", "change the description"
"""What is said to change one of them where there are no fields to type into."""

SAID: frozenset[Act | None] = frozenset({None, "stuck"})
"""What is a title or a description where one is asked for: “it does not work” is both."""


def worded(title: str, text: str) -> Wording:
    """What was typed as it is kept: the title on one line, and no blanks around either.

    >>> worded(" Bob\\n is offline ", "Since Monday. ")
    Wording(title='Bob is offline', text='Since Monday.')
    """
    return Wording(" ".join(title.split()), text.strip())


def typed(press: Press) -> Wording:
    """What stood on a card that was pressed, which leaves out the name of a field that is empty."""
    title, text = (clean(press.values.get(name, "")) for name in ("title", "text"))
    return worded(title, text)


def wrong(wording: Wording, words: Words) -> dict[str, str]:
    """What is wrong with it, by field."""
    said, errors = words.case, {}
    for name, value, limit in (("title", wording.title, TITLE), ("text", wording.text, TEXT)):
        if not value:
            errors[name] = said.empty
        elif len(value) > limit:
            errors[name] = fill(said.too_long, {"length": str(len(value)), "limit": str(limit)})
    return errors


def fields(wording: Wording, errors: Mapping[str, str], words: Words) -> tuple[Field, Field]:
    """Where it is typed on a card, with what is wrong beside it."""
    said, title, text = words.case, errors.get("title", ""), errors.get("text", "")
    return (
        Field("title", said.title, wording.title, TITLE, False, title, said.empty),
        Field("text", said.text, wording.text, TEXT, True, text, said.empty),
    )


def question(what: str, words: Words) -> str:
    """What is asked where one of them is changed: CHANGE_TITLE or CHANGE_TEXT."""
    title = what == CHANGE_TITLE
    asked = words.case.new_title if title else words.case.new_text
    return fill(asked, {"limit": str(TITLE if title else TEXT)})
