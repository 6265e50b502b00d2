"""Typing mistakes: what is mended, what is left alone, and who wins."""

import pytest

from dialogs.repair import Spelling

SPELLING = Spelling(
    {"skype": 9, "contact": 9, "contacts": 3, "contract": 0, "list": 4, "lost": 1, "last": 1,
     "federation": 2, "provisioning": 2, "r2": 1, "an": 5, "add": 7, "lync": 9, "how": 3, "who": 3}
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("skpye", "skype"),  # letters in each other's place
        ("kspye", "kspye"),  # two mistakes in five letters
        ("ksype", "skype"),  # the first two in each other's place
        ("stype", "skype"),
        ("hype", "hype"),  # a short word keeps its first letter
        ("contcat", "contact"),
        ("kontact", "contact"),  # a longer one need not
        ("conttacts", "contacts"),
        ("contract", "contract"),  # a common word, though it never occurs
        ("federatoin", "federation"),
        ("fedretion", "federation"),
        ("provisonning", "provisioning"),
        ("lyst", "list"),  # as near as lost and last; used more often
        ("ad", "ad"),  # too short to be mended
        ("ann", "ann"),  # and too short to be meant
        ("skype2", "skype2"),  # numbers are no mistakes
        ("xylophone", "xylophone"),
        ("hwo", "how"),
    ],
)
def test_a_word_is_mended(word: str, meant: str) -> None:
    assert SPELLING.repaired(word) == meant


def test_nothing_is_mended_where_nothing_is_known() -> None:
    assert Spelling({}).repaired("skpye") == "skpye"
