"""How words are read before they are compared: the form of lexicon.yaml."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from dialogs.document import Document, Problem
from dialogs.schema import Strict
from dialogs.tokens import tokens


class Lexicon(Strict):
    """Spellings, endings and groups of words of a language; an empty one changes no word."""

    written_as: dict[str, str] = Field({})
    endings: tuple[str, ...] = ()
    common_words: tuple[str, ...] = ()
    concepts: dict[str, tuple[str, ...]] = Field({})

    @cached_property
    def concept_of(self) -> Mapping[str, str]:
        """What each word of a group is about."""
        return {word: concept for concept, words in self.concepts.items() for word in words}

    @cached_property
    def longest_first(self) -> tuple[str, ...]:
        """The endings, so that the first that fits is the one to leave out."""
        return tuple(sorted(self.endings, key=lambda ending: (-len(ending), ending)))

    def read(self, text: str) -> tuple[str, ...]:
        """The tokens of a text in the spellings of this language."""
        return tokens(text, self.written_as)


def problems(lexicon: Lexicon, document: Document) -> Iterator[Problem]:
    """Words that no text can ever have, and words that stand in two groups."""
    for short in lexicon.written_as:
        if tokens(f"a {short} a", {}) != ("a", short, "a"):
            what = f"“{short}” is not one word in lower case."
            yield document.problem(("written as", short), what, "Write one word in lower case.")
    groups = [(("concepts", name), words) for name, words in lexicon.concepts.items()]
    for where, words in [*groups, (("common words",), lexicon.common_words)]:
        for i, word in enumerate(words):
            if (read := lexicon.read(word)) != (word,):
                what = f"“{word}” is always read as “{' '.join(read)}”."
                yield document.problem((*where, i), what, "Write it as it is read.")
    yield from _claimed_twice(lexicon, document)


def _claimed_twice(lexicon: Lexicon, document: Document) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for concept, words in lexicon.concepts.items():
        for i, word in enumerate(words):
            first = owners.setdefault(word, concept)
            if first != concept:
                what = f"“{word}” stands under “{first}”, too."
                yield document.problem(("concepts", concept, i), what, "Keep it in one place.")
