"""Whom a desk's word is believed: each way to forge, to be late and to be malformed."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from standardwebhooks import Webhook

from bot.desk.signature import MOST_SIGNATURES, Forged, Signer
from tests.fakes import NOON

OLD, NEW, OTHER = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in range(3))
SIGNER = Signer((NEW,))
BODY = b'{"id": "event-1"}'
Headers = dict[str, str]


def signed(key: str = "event-1", body: bytes = BODY) -> Headers:
    return SIGNER.headers(key, body, NOON)


def changed(**headers: str) -> Headers:
    """A request in order, but for these."""
    return signed() | {f"webhook-{name}": value for name, value in headers.items()}


def without(name: str) -> Headers:
    return {header: value for header, value in signed().items() if header != f"webhook-{name}"}


def twice(name: str) -> CIMultiDict[str]:
    headers = CIMultiDict(signed())
    headers.add(f"Webhook-{name}", signed()[f"webhook-{name}"])
    return headers


def test_what_was_signed_is_believed() -> None:
    assert SIGNER.verify(signed(), BODY, NOON) == "event-1"
    assert SIGNER.verify({n.title(): v for n, v in signed().items()}, BODY, NOON) == "event-1"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_within_five_minutes(seconds: int) -> None:
    assert SIGNER.verify(signed(), BODY, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_not_before_and_not_after(seconds: int) -> None:
    with pytest.raises(Forged, match="more than 5 minutes"):
        SIGNER.verify(signed(), BODY, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("ours", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize("theirs", [(OLD,), (NEW,), (OLD, NEW), (OTHER, OLD)])
def test_while_secrets_change_each_counts(ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    headers = Signer(theirs).headers("event-1", BODY, NOON)

    assert Signer(ours).verify(headers, BODY, NOON) == "event-1"


def test_each_secret_signs() -> None:
    signatures = Signer((NEW, OLD)).headers("event-1", BODY, NOON)["webhook-signature"].split()

    assert signatures == [Webhook(s).sign("event-1", NOON, BODY.decode()) for s in (NEW, OLD)]


RIGHT = signed()["webhook-signature"]
FORGED: dict[str, tuple[Headers | CIMultiDict[str], str]] = {
    "nothing": ({}, "webhook-id is missing"),
    "no id": (without("id"), "webhook-id is missing"),
    "no timestamp": (without("timestamp"), "webhook-timestamp is missing"),
    "no signature": (without("signature"), "webhook-signature is missing"),
    "an empty signature": (changed(signature=""), "not as Standard"),
    "two ids": (twice("id"), "webhook-id is not as Standard"),
    "two signature headers": (twice("signature"), "webhook-signature is not as Standard"),
    "another id": (changed(id="event-2"), "No signature is right"),
    "an id with a dot": (changed(id="event.1"), "webhook-id is not as"),
    "an id with a blank": (changed(id="event 1"), "webhook-id is not as"),
    "a long id": (changed(id="e" * 513), "webhook-id is not as"),
    "an id beyond ASCII": (changed(id="évent"), "webhook-id is not as"),
    "a timestamp in words": (changed(timestamp="now"), "webhook-timestamp is not as"),
    "a timestamp below zero": (changed(timestamp="-1"), "webhook-timestamp is not as"),
    "a broken timestamp": (changed(timestamp="1793707200.5"), "webhook-timestamp is not as"),
    "a timestamp of no number": (changed(timestamp="nan"), "webhook-timestamp is not as"),
    "a huge timestamp": (changed(timestamp="9" * 400), "webhook-timestamp is not as"),
    "a far timestamp": (changed(timestamp="9" * 11), "more than 5 minutes"),
    "Arabic digits": (changed(timestamp="١٧٩٣٧٠٧٢٠٠"), "webhook-timestamp is not as"),
    "an old one": (changed(timestamp="1"), "more than 5 minutes"),
    "a second later": (changed(timestamp=str(int(NOON.timestamp()) + 1)), "No signature is"),
    "no version": (changed(signature=RIGHT.removeprefix("v1,")), "No signature is right"),
    "another version": (changed(signature="v2" + RIGHT[2:]), "No signature is right"),
    "no comma": (changed(signature="v1"), "No signature is right"),
    "too many commas": (changed(signature=f"{RIGHT},"), "No signature is right"),
    "malformed base64": (changed(signature="v1,%%%"), "No signature is right"),
    "other spelling of base64": (changed(signature=RIGHT.rstrip("=")), "No signature is right"),
    "beyond ASCII": (changed(signature="v1,ü"), "webhook-signature is not as"),
    "half a character": (changed(signature="v1,\udcff"), "webhook-signature is not as"),
    "a line end": (changed(signature=f"{RIGHT}\n"), "webhook-signature is not as"),
    "many signatures": (
        changed(signature=" ".join([RIGHT] * (MOST_SIGNATURES + 1))),
        "more than 10 signatures",
    ),
    "another secret": (Signer((OTHER,)).headers("event-1", BODY, NOON), "another secret"),
}


@pytest.mark.parametrize(("headers", "why"), FORGED.values(), ids=FORGED)
def test_what_is_forged_or_malformed_is_not_believed(
    headers: Headers | CIMultiDict[str], why: str
) -> None:
    with pytest.raises(Forged, match=why):
        SIGNER.verify(headers, BODY, NOON)


def test_among_others_the_right_signature_counts() -> None:
    headers = changed(signature=f"v1a,x v1,%%% {RIGHT}")

    assert SIGNER.verify(headers, BODY, NOON) == "event-1"


def test_a_body_that_is_no_text_is_not_believed() -> None:
    with pytest.raises(Forged, match="UTF-8"):
        SIGNER.verify(signed(), b"\xff", NOON)


def test_nobody_is_believed_without_a_secret() -> None:
    with pytest.raises(Forged, match="No signature is right"):
        Signer(()).verify(signed(), BODY, NOON)


def test_no_secret_is_shown() -> None:
    assert NEW not in repr(SIGNER)


# --- whatever the body -----------------------------------------------------------------------

IDS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="."), min_size=1
)
SECRETS = st.binary(min_size=24, max_size=64).map(lambda b: "whsec_" + base64.b64encode(b).decode())


@given(IDS, st.text(), SECRETS)
def test_what_is_signed_is_believed_by_us_and_by_the_library(
    key: str, text: str, secret: str
) -> None:
    signer, body = Signer((secret,)), text.encode()

    headers = signer.headers(key, body, NOON)

    assert signer.verify(headers, body, NOON) == key
    assert headers["webhook-signature"] == Webhook(secret).sign(key, NOON, text)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_whatever_byte_is_changed_it_is_noticed(raw: bytes, data: st.DataObject) -> None:
    body = base64.b64encode(raw)
    headers = signed(body=body)
    parts = {"body": body} | {name: value.encode() for name, value in headers.items()}
    name = data.draw(st.sampled_from(sorted(parts)))
    place = data.draw(st.integers(0, len(parts[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != parts[name][place]))
    parts[name] = parts[name][:place] + bytes([byte]) + parts[name][place + 1 :]

    with pytest.raises(Forged):
        SIGNER.verify(
            {n: v.decode("latin-1") for n, v in parts.items() if n != "body"}, parts["body"], NOON
        )
