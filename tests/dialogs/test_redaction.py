"""What of a conversation goes to nobody else."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.redaction import folded, redactor, without_secrets
from dialogs.secret_patterns import ADDRESS, SECRET, SECRETS

BOB, TED = "bob@contoso.com", "ted@contoso.com"


def redacted(text: str, needed: Collection[str]) -> str:
    return redactor(needed)(text)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("my password is hunter2", "my password is [secret]"),
        ("My Password: hunter2!", "My Password: [secret]"),
        ("pw: x", "pw: [secret]"),
        ("pwd=hunter2", "pwd=[secret]"),
        ("pw hunter2", "pw [secret]"),
        ("Passwort: geheim", "Passwort: [secret]"),
        ("mein Passwort ist geheim", "mein Passwort ist [secret]"),
        ('the password for Lync is "my old dog", ok', "the password for Lync is [secret] ok"),
        ("hunter2 is my password", "[secret] is my password"),
        ("I use hunter2 as my password", "I use [secret] as my password"),
        ("I changed my password to sunshine", "I changed my password to [secret]"),
        ("My password is: hunter2", "My password is: [secret]"),
        ("my password is now hunter2", "my password is now [secret]"),
        ("the password's hunter2", "the password's [secret]"),
        ("I use hunter2 as password", "I use [secret] as password"),
        ("changed my pin from abc to def", "changed my pin from [secret] to [secret]"),
        ("The password has been reset to abc", "The password has been reset to [secret]"),
        ("-".join(["012345"] * 8), "[secret]"),
        ("my new token is abc", "my new token is [secret]"),
        ("api key = abc", "api key = [secret]"),
        ("password:\nhunter2", "password:\n[secret]"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "[secret]"),
        ("Bearer abcdefghij", "Bearer [secret]"),
        ("Authorization: Basic Ym9iOng=", "Authorization: [secret]"),
        ("use Basic Ym9iOng= there", "use Basic [secret] there"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "[secret]"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nbye", "[secret]\nbye"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "[secret]"),
        ("hash d41d8cd98f00b204e9800998ecf8427e", "hash [secret]"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw01==", "[secret]"),
        ("your code is 493021", "your code is [secret]"),
        ("493021 is your verification code", "[secret] is your verification code"),
        ("493 021", "[secret]"),
        ("PIN 4711", "PIN [secret]"),
        ("pay with 4111 1111 1111 1111", "pay with [secret]"),
        ("https://bob:hunter2@contoso.com/a?key=1#b", "https://contoso.com/a?[secret]"),
        ("https://contoso.com/#token=1", "https://contoso.com/#[secret]"),
    ],
)
def test_secrets_are_masked_however_they_are_said(said: str, kept: str) -> None:
    assert without_secrets(said) == kept
    assert redacted(said, ()) == kept


@pytest.mark.parametrize(
    "said",
    [
        "the password is wrong",
        "I forgot my password",
        "the password is still wrong",
        "my password's expired",
        "it is the same as for my colleagues",
        "Lync password reset 2013",
        "error code 50012",
        "error 0x80072EFD at step 12",
        "basic questions about lync",
        "agreement V1234567 of 2013",
        "4111111111111112",
        "call +1 425 555 0100",
        "https://contoso.com/a/b",
        "meet @ 5",
        "",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert redacted(said, ()) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("bob@contoso.com, ted@contoso.com", "bob@contoso.com, [address]"),
        ("bob@contoso.com,ted@contoso.com", "bob@contoso.com[address]"),
        ("(Bob@Contoso.com) and <ted@contoso.com>.", "(Bob@Contoso.com) and [address]>."),
        ("sip:bob@contoso.com; sip:ted@contoso.com", "sip:bob@contoso.com; [address]"),
        ("xbob@contoso.com bob@contoso.com.au", "[address] [address]"),
        ("bob(contoso.com)@msn.com", "[address]"),
        ("ted＠contoso.com", "[address]"),
        ("ted @ contoso.com", "[address]"),
        ("ted@\u200bcontoso.com", "[address]"),
        ("https://contoso.com/users/ted@contoso.com", "[address]"),
    ],
)
def test_addresses_stay_where_they_are_needed(said: str, kept: str) -> None:
    assert redacted(said, {BOB}) == kept


def test_the_longest_needed_address_is_found_first() -> None:
    needed = {"bob@contoso.com", "bob@contoso.com.au"}
    assert (
        redacted("bob@contoso.com.au bob@contoso.com", needed)
        == "bob@contoso.com.au bob@contoso.com"
    )


texts = st.text(st.sampled_from("abz019 .,:;=?#@/()<>\"'\n-_＠") | st.characters(), max_size=200)
words = st.sampled_from(
    [
        "password",
        "is",
        "pw:",
        "code",
        "12345",
        BOB,
        TED,
        "https://",
        "Bearer",
        "eyJ",
        SECRET,
        ADDRESS,
        " ",
    ]
)
said = st.lists(texts | words, max_size=12).map("".join) | st.lists(texts | words).map(" ".join)


@given(said)
def test_what_is_masked_once_is_masked(text: str) -> None:
    once = redacted(text, {BOB})
    assert redacted(once, {BOB}) == once
    assert without_secrets(without_secrets(text)) == without_secrets(text)


NAMES = ["password", "passcode", "pw", "pwd", "Kennwort", "PIN", "secret", "token", "credentials",
         "api key", "recovery-key"]  # fmt: skip
ODD_LETTERS = {"i": "ıİi", "s": "ſS", "k": "\N{KELVIN SIGN}K"}
"""What patterns take for these letters, too."""


@given(said, st.sampled_from(NAMES), st.integers(0, 2))
def test_what_is_masked_has_the_hint_for_it(text: str, name: str, odd: int) -> None:
    spelt = f"{text} {name.lower()}: hunter2"
    for letter, others in ODD_LETTERS.items():
        spelt = spelt.replace(letter, others[odd % len(others)])

    for hint, patterns in SECRETS:
        for pattern, _ in patterns:
            assert hint.search(folded(spelt)) or not pattern.search(spelt)


@given(said, said)
def test_an_address_that_is_not_needed_never_appears(before: str, after: str) -> None:
    assert TED not in redacted(f"{before}{TED}{after}", {BOB}).casefold()


@given(st.text(st.characters(categories=["L"]), max_size=20))
def test_an_address_that_is_needed_stays(around: str) -> None:
    assert BOB in redacted(f"{around} {BOB}, {around}", {BOB})


@given(st.from_regex(r"[A-Za-z0-9!$%]{4,20}", fullmatch=True))
def test_a_password_that_is_called_one_never_appears(password: str) -> None:
    text = redacted(f"my password: {password} and so on", ())
    assert text == "my password: [secret] and so on"
