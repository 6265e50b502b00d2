"""What a sentence is made of: names in braces that are filled in, and marks of Markdown."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts values in the place of their names; what is not known stays as it stands.

    >>> fill("Type `{lync address}`.", {"lync address": "bob(contoso.com)@msn.com"})
    'Type `bob(contoso.com)@msn.com`.'
    """
    if "{" not in text:  # most texts, and quicker to see than to fill
        return text
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def unmarked(text: str) -> str:
    """A sentence of ours without the marks of Markdown, for where none are shown.

    >>> unmarked("Click **Call**, then `Lync Call`.")
    'Click Call, then Lync Call.'
    """
    return text.replace("**", "").replace("`", "")


def naming(*known: str) -> AfterValidator:
    """What makes a text a sentence that may put these names in braces, and no others."""

    def checked(text: str) -> str:
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                raise PydanticCustomError("brace", "{name}", {"name": name, "known": known})
        return text

    return AfterValidator(checked)


Sentence = Annotated[str, naming()]


class Group(BaseModel):
    """Sentences that belong together; in the file their names have spaces for underscores."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_min_length=1,
        alias_generator=lambda name: name.strip("_").replace("_", " "),
    )
