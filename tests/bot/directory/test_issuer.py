"""Callers by JWT, with real keys and an issuer that really listens."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.directory import openapi
from bot.directory.issuer import (
    ALGORITHMS,
    ASK_EVERY,
    KEEP,
    LARGEST,
    LONGEST_NAME,
    Issuer,
    Unreachable,
)
from tests.bot.directory.conftest import TOKEN, Api
from tests.bot.directory.test_server import ADDRESS, DOMAINS, TOKENS, asked, bearer, user
from tests.bot.directory.tokens import AUDIENCE, EC, RSA, WEAK, Signer, jwk
from tests.fakes import Json

FIRST, SECOND = jwk(RSA[0], "first"), jwk(RSA[1], "second")
PAIR = ["/.well-known/openid-configuration", "/keys"]


@pytest.fixture
async def signer() -> AsyncIterator[Signer]:
    """An issuer that listens."""
    signer = Signer()
    server = await signer.started()
    yield signer
    await server.close()


class Asked:
    """Somebody who checks tokens, at a time that is passed in."""

    def __init__(self, signer: Signer) -> None:
        self.now = 0.0
        self.issuer = Issuer(signer.url, AUDIENCE, patience=1.0, seconds=lambda: self.now)

    async def __call__(self, token: str) -> str | None:
        """Who it is; `unreachable` where that cannot be found out."""
        try:
            return await self.issuer.caller(f"Bearer {token}")
        except Unreachable:
            return "unreachable"


@pytest.fixture
def who(signer: Signer) -> Asked:
    """Checks the tokens of the issuer."""
    return Asked(signer)


# --- who is known ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, "sub:bot"),
        ({"aud": ["others", AUDIENCE]}, "sub:bot"),
        ({"exp": -10}, "sub:bot"),
        ({"nbf": 10, "iat": 10}, "sub:bot"),
        ({"sub": None, "azp": "console"}, "azp:console"),
        ({"sub": None, "appid": "0-1-2"}, "appid:0-1-2"),
        ({"sub": "a\r\n\x1b[2Jb\u202ec"}, "sub:a[2Jbc"),
        ({"sub": "x" * 1000}, "sub:" + "x" * LONGEST_NAME),
    ],
)
async def test_a_good_token_names_its_caller(
    signer: Signer, who: Asked, claims: Json, name: str
) -> None:
    assert await who(signer.token(**claims)) == name


async def test_a_key_on_a_curve_will_do(signer: Signer, who: Asked) -> None:
    signer.keys = {"keys": [jwk(EC, "curve", use="sig")]}

    assert await who(signer.token(EC, "curve", "ES256")) == "sub:bot"


# --- who is not ------------------------------------------------------------------------------


def forged(signer: Signer, alg: str) -> str:
    """A token under an algorithm that needs no private key: none, or a MAC with the public one."""
    head, body = {"alg": alg, "kid": "first", "typ": "JWT"}, signer.token().split(".")[1]
    signed = f"{_encoded(json.dumps(head).encode())}.{body}"
    public = RSA[0].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.digest(public, signed.encode(), hashlib.sha256) if alg.startswith("HS") else b""
    return f"{signed}.{_encoded(mac)}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


BAD: dict[str, Callable[[Signer], str]] = {
    "expired": lambda s: s.token(exp=-60),
    "not yet": lambda s: s.token(nbf=60),
    "from later": lambda s: s.token(iat=60),
    "for ever": lambda s: s.token(exp=None),
    "for others": lambda s: s.token(aud="others"),
    "for nobody": lambda s: s.token(aud=None),
    "of another": lambda s: s.token(iss="https://evil.example"),
    "of a longer name": lambda s: s.token(iss=f"{s.url}/"),
    "of nobody": lambda s: s.token(iss=None),
    "without a name": lambda s: s.token(sub=None),
    "with an empty name": lambda s: s.token(sub=" \n"),
    "with a strange name": lambda s: s.token(sub=None, azp={"a": 1}),
    "unknown key": lambda s: s.token(RSA[1], "second"),
    "another's key": lambda s: s.token(RSA[1], "first"),
    "no key named": lambda s: s.token(kid=None),
    "none": lambda s: forged(s, "none"),
    "None": lambda s: forged(s, "None"),
    "HS256 with the public key": lambda s: forged(s, "HS256"),
    "RS512": lambda s: s.token(alg="RS512"),
    "PS256": lambda s: s.token(alg="PS256"),
    "RS256 said of a curve": lambda s: s.token(EC, "first", "ES256"),
    "changed": lambda s: s.token().replace(".", ".e", 1),
    "unsigned": lambda s: s.token().rpartition(".")[0] + ".",
    "cut": lambda s: s.token()[:-40],
    "100 kB": lambda s: s.token(more="x" * 75_000) + "x",
    "100 kB of nothing": lambda _: "x" * 100_000,
    "100 kB of dots": lambda _: "." * 100_000,
    "deep": lambda _: _encoded(b"[" * 50_000) + ".e30.e30",
    "empty": lambda _: "",
    "no text": lambda _: "\udcff.\udcff.\udcff",
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_token_is_nobodys(signer: Signer, who: Asked, bad: str) -> None:
    assert await who(BAD[bad](signer)) is None
    assert await who(signer.token()) == "sub:bot"


@pytest.mark.parametrize("header", ["", "Bearer", "Basic {}", "{}", "Bearer {} {}"])
async def test_a_token_is_a_bearers(signer: Signer, who: Asked, header: str) -> None:
    assert await who.issuer.caller(header.replace("{}", signer.token())) is None


# --- its keys --------------------------------------------------------------------------------


async def test_keys_are_asked_for_once(signer: Signer, who: Asked) -> None:
    tokens = [who(signer.token()) for _ in range(50)]

    assert set(await asyncio.gather(*tokens)) == {"sub:bot"}
    assert signer.asked == PAIR


async def test_a_new_key_is_found(signer: Signer, who: Asked) -> None:
    await who(signer.token())
    signer.keys = {"keys": [SECOND]}
    who.now = ASK_EVERY

    assert await who(signer.token(RSA[1], "second")) == "sub:bot"
    assert await who(signer.token()) is None, "a key that is withdrawn is no longer believed"
    assert signer.asked == PAIR * 2


async def test_a_withdrawn_key_is_not_believed_for_ever(signer: Signer, who: Asked) -> None:
    await who(signer.token())
    signer.keys = {"keys": [SECOND]}
    who.now = KEEP - 1
    assert await who(signer.token()) == "sub:bot"
    who.now = KEEP
    assert await who(signer.token()) is None


async def test_invented_keys_do_not_hammer_the_issuer(signer: Signer, who: Asked) -> None:
    for second in range(20):
        who.now = float(second)
        flood = [who(signer.token(RSA[1], f"key {second} {n}")) for n in range(20)]
        assert set(await asyncio.gather(*flood)) == {None}
    assert signer.asked == PAIR * 2
    assert await who(signer.token()) == "sub:bot"


@pytest.mark.parametrize("alg", ["none", "HS256"])
async def test_nobody_is_asked_for_the_sake_of_a_hopeless_token(
    signer: Signer, who: Asked, alg: str
) -> None:
    assert await who(forged(signer, alg)) is None
    assert not signer.asked


async def test_an_issuer_that_is_down_makes_nobody_a_stranger(signer: Signer, who: Asked) -> None:
    signer.status = 500
    assert await who(signer.token()) == "unreachable"
    assert await who("no token at all") is None
    signer.status = 200
    assert await who(signer.token()) == "unreachable"
    assert len(signer.asked) == 1
    who.now = ASK_EVERY
    assert await who(signer.token()) == "sub:bot"

    signer.status = 500
    for who.now in (KEEP * 2, KEEP * 3):
        assert await who(signer.token()) == "sub:bot"
        assert await who(signer.token(RSA[1], "second")) == "unreachable"


async def test_an_issuer_that_is_gone_or_silent_is_unreachable(signer: Signer) -> None:
    token = bearer(signer.token())["Authorization"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unreachable):
            await Issuer(url, AUDIENCE, patience=0.05).caller(token)
    with pytest.raises(Unreachable):
        await Issuer(url, AUDIENCE).caller(token)


STRANGE: dict[str, Any] = {
    "no JSON": "<html>",
    "no keys": {},
    "empty": {"keys": []},
    "a text": {"keys": "abc"},
    "texts": {"keys": ["abc"]},
    "no key types": {"keys": [{"kid": "first"}]},
    "secret": {"keys": [{"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]},
    "numbers": {"keys": [{"kid": "first", "kty": "RSA", "n": 1, "e": 2}]},
    "lists": {"keys": [{"kid": ["first"], "kty": "RSA", "n": [], "e": {}}]},
    "no number": {"keys": [FIRST | {"n": "!"}]},
    "no exponent": {"keys": [{k: v for k, v in FIRST.items() if k != "e"}]},
    "for secrets": {"keys": [FIRST | {"use": "enc"}]},
    "another algorithm": {"keys": [FIRST | {"alg": "RS512"}]},
    "an algorithm with a secret": {"keys": [FIRST | {"alg": "HS256"}]},
    "without a name": {"keys": [FIRST | {"kid": None}]},
    "a strange name": {"keys": [FIRST | {"kid": ["first"]}]},
    "huge": json.dumps({"keys": [FIRST]}) + " " * LARGEST,
    "deep": '{"keys": ' + "[" * 50_000,
}


@pytest.mark.parametrize("strange", STRANGE)
async def test_keys_that_are_none_are_not_used(signer: Signer, who: Asked, strange: str) -> None:
    good, signer.keys = signer.keys, STRANGE[strange]
    assert await who(signer.token()) == "unreachable"
    signer.keys, who.now = good, ASK_EVERY
    assert await who(signer.token()) == "sub:bot"
    signer.keys, who.now = STRANGE[strange], KEEP * 2
    assert await who(signer.token()) == "sub:bot", "what was known outlives it"


async def test_strange_keys_do_not_hinder_good_ones(signer: Signer, who: Asked) -> None:
    others = [
        key for one in STRANGE.values() if isinstance(one, dict) for key in one.get("keys", [])
    ]
    signer.keys = {"keys": [*(key for key in others if isinstance(key, dict)), FIRST]}

    assert await who(signer.token()) == "sub:bot"


async def test_a_weak_key_signs_nothing(signer: Signer, who: Asked) -> None:
    signer.keys = {"keys": [jwk(WEAK, "weak")]}
    token = signer.token(kid="weak")

    assert await who(token) is None


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://evil.example"}, {"jwks_uri": "http://evil.example/keys"},
     {"jwks_uri": "https://evil.example/keys"}, {"jwks_uri": "file:///etc/passwd"},
     {"jwks_uri": "/keys"}, {"jwks_uri": "http://[::1"}, {"jwks_uri": 7},
     {"jwks_uri": "http://a:b@127.0.0.1/keys"}],
)  # fmt: skip
async def test_keys_are_taken_from_a_place_to_be_believed(
    signer: Signer, who: Asked, discovery: Json
) -> None:
    signer.discovery = discovery

    assert await who(signer.token()) == "unreachable"
    assert signer.asked == PAIR[:1]


# --- at the admin API ------------------------------------------------------------------------


async def test_callers_with_jwts_and_with_tokens_may_ask(
    api: Api, signer: Signer, who: Asked, audited: list[dict[str, Any]]
) -> None:
    http = await api(tokens=TOKENS, issuer=who.issuer)
    for token in (TOKEN, signer.token(), signer.token(sub=None, azp="bot")):
        assert (await asked(http, user(ADDRESS), **bearer(token)))[0] == 200
    assert (await asked(http, user(ADDRESS), **bearer(signer.token(sub="bot\n"))))[0] == 200

    assert [one["caller"] for one in audited] == ["bot", "sub:bot", "azp:bot", "sub:bot"]


async def test_an_issuer_alone_lets_others_than_this_machine_ask(
    api: Api, signer: Signer, who: Asked
) -> None:
    http = await api(issuer=who.issuer)

    assert (await asked(http, DOMAINS, Host="pic.example", **bearer(signer.token())))[0] == 200
    assert (await asked(http, DOMAINS))[0] == 401


@pytest.mark.parametrize("bad", ["expired", "for others", "none", "unknown key", "empty"])
async def test_who_is_refused_learns_nothing(
    api: Api, signer: Signer, who: Asked, bad: str
) -> None:
    http = await api(issuer=who.issuer)
    async with http.get(DOMAINS, headers=bearer(BAD[bad](signer))) as answer:
        body = await answer.json(content_type=None)
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (body["title"], len(body)) == ("Who are you?", 4)


@pytest.mark.parametrize("bad", ["100 kB", "100 kB of nothing"])
async def test_a_huge_token_is_refused(api: Api, signer: Signer, who: Asked, bad: str) -> None:
    http = await api(issuer=who.issuer)
    async with http.get(DOMAINS, headers=bearer(BAD[bad](signer))) as answer:
        assert answer.status in {400, 431}
    assert not signer.asked


async def test_who_cannot_be_checked_is_asked_to_come_again(
    api: Api, signer: Signer, who: Asked, audited: list[dict[str, Any]]
) -> None:
    signer.status = 500
    http = await api(tokens=TOKENS, issuer=who.issuer, a_minute=2)
    async with http.get(DOMAINS, headers=bearer(signer.token())) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert (await asked(http, DOMAINS, **bearer(TOKEN)))[0] == 200
    assert (await asked(http, DOMAINS, **bearer("a guess")))[0] == 401
    assert (await asked(http, DOMAINS, **bearer(signer.token())))[0] == 429
    assert [one["status"] for one in audited] == [503, 401, 429]


async def test_each_has_an_allowance_of_their_own(api: Api, signer: Signer, who: Asked) -> None:
    http = await api(issuer=who.issuer, a_minute=1)
    statuses = [
        (await asked(http, DOMAINS, **bearer(signer.token(sub=name))))[0]
        for name in ("bot", "console", "bot")
    ]

    assert statuses == [200, 200, 429]


def test_the_description_tells_of_both_kinds() -> None:
    document = openapi.document()

    assert document["security"] == [{"token": []}, {"jwt": []}]
    described = document["components"]["securitySchemes"]["jwt"]
    assert described["bearerFormat"] == "JWT"
    assert all(name in described["description"] for name in ALGORITHMS)
