"""A text as tokens: spellings, addresses, and what is too long."""

import pytest

from dialogs.tokens import LONGEST, READ, WIDEST, tokens

WRITTEN_AS = {"can't": "can not", "im": "i am", "email": "e mail"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Add a Skype Contact!", "add a skype contact"),
        ("I CAN’T, can't", "i can not can not"),
        ("im here", "i am here"),
        ("eMail e-mail", "e mail e mail"),
        ("ｓｋｙｐｅ\u200b", "skype"),
        ("Set-CsExternalAccessPolicy", "set csexternalaccesspolicy"),
        ("pic.lync.com is down.", "pic.lync.com is down"),
        ("bob@live.com", "@microsoft"),
        ("sip:bob@contoso.com;", "sip @other"),
        ("bob(contoso.com)@msn.com", "@converted"),
        ("bob@live.com and ted@contoso.com", "@microsoft and @other"),
        ("what is the ? beside him?", "what is the ? beside him"),
        ("the “?” beside", "the ? beside"),
        ("what??", "what"),
        ("what ?", "what"),
        ("what?! why?", "what why"),
        ("_under_score_", "_under_score_"),
        ("'quoted'", "quoted"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_tokens(text: str, expected: str) -> None:
    assert " ".join(tokens(text, WRITTEN_AS)) == expected


def test_so_much_is_looked_at() -> None:
    assert len(tokens("a " * 1000, {})) == LONGEST
    assert len(tokens("a" * 1000, {})[0]) == WIDEST
    assert "late" not in tokens(f"{'-' * READ} late", {})
