"""The admin API over real HTTP: who may ask, what is refused, what is noted, what is answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.directory import openapi
from bot.directory.answer import OrganisationStatus, Refusal, SipDomains, Status
from bot.directory.callers import MOST_REMEMBERED, Allowance, Tokens
from bot.directory.snapshot import Snapshot
from tests.bot.caller import Http
from tests.bot.directory.conftest import TOKEN, USERS, Api, write
from tests.bot.directory.test_sip import ABUSE
from tests.fakes import Clock, Json

PROBLEM = "application/problem+json"
ADDRESS = "lync.user@fabrikam.com"
ORGANISATION, DOMAINS = openapi.ORGANISATION, openapi.DOMAINS
TOKENS = {"bot": TOKEN, "console": "another token of somebody"}


def user(address: str) -> str:
    """The path of a question about a user."""
    return openapi.USER.replace("{sip}", quote(address, safe=""))


async def asked(http: Http, path: str, **headers: str) -> tuple[int, Json]:
    """The status and the JSON of a question."""
    async with http.get(path, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


# --- answers ---------------------------------------------------------------------------------


async def test_a_user_is_answered_in_the_form_that_others_rely_on(api: Api) -> None:
    status, body = await asked(await api(), user("SIP:Lync.User@Fabrikam.com"))

    assert status == 200
    assert Status.model_validate_json(json.dumps(body))
    names = ("address", "pic_enabled", "service_available", "verdict", "who", "source")
    expected = (ADDRESS, True, False, "enabled", None, "snapshot")
    assert tuple(body[name] for name in names) == expected
    assert body["policy"] == {"identity": "PublicContacts", "scope": "user"}
    assert all(set(check) == {"id", "result", "fix", "topic", "who"} for check in body["checks"])


async def test_the_fix_names_the_policy_and_whom_editing_it_affects(api: Api) -> None:
    _, body = await asked(await api(), user("global.user@fabrikam.com"))

    (check,) = (check for check in body["checks"] if check["id"] == "public_access")
    assert "“Global” (global)" in check["fix"]
    assert "affects everyone" in check["fix"]
    assert (body["who"], check["topic"]) == ("lync_admin", "configure-external-access-policy")


async def test_nobody_is_404_and_says_so_to_programs(api: Api) -> None:
    status, body = await asked(await api(), user("nobody@fabrikam.com"))

    assert (status, body["verdict"]) == (404, "user_not_found")


async def test_the_organisation_and_its_domains(api: Api) -> None:
    http = await api()
    status, body = await asked(http, ORGANISATION)
    _, domains = await asked(http, DOMAINS)

    assert status == 200
    assert {one["deployment"] for one in body["deployments"]} >= {"headquarters", "online"}
    assert ADDRESS not in str(body)
    assert domains == {"sip_domains": ["fabrikam.com"]}


@pytest.mark.parametrize("path", [user(ADDRESS), ORGANISATION, DOMAINS])
async def test_a_source_that_cannot_be_read_is_503_with_the_reason(
    api: Api, folder: Path, path: str
) -> None:
    write(folder, "Get-CsUser.csv", USERS.replace("True", "maybe"))

    status, body = await asked(await api(Snapshot(folder, Clock())), path)

    assert status == 503
    assert "Get-CsUser.csv:2: “Enabled” must be True or False." in body["detail"]


# --- who may ask -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [user(ADDRESS), ORGANISATION, DOMAINS, openapi.DOCUMENT, "/x"])
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN,
     "Bearer bot", "Bearer \xff"],
)  # fmt: skip
async def test_who_has_no_token_learns_nothing(api: Api, path: str, header: str) -> None:
    status, body = await asked(await api(tokens=TOKENS), path, Authorization=header)

    assert (status, body["title"]) == (401, "Who are you?")


async def test_each_caller_has_a_token_of_their_own(
    api: Api, audited: list[dict[str, Any]]
) -> None:
    http = await api(tokens=TOKENS)
    for token in TOKENS.values():
        status, _ = await asked(http, user(ADDRESS), **bearer(token))
        assert status == 200

    assert [one["caller"] for one in audited] == ["bot", "console"]
    assert TOKEN not in str(vars(Tokens(TOKENS)))


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"X-Forwarded-For": "1.2.3.4"}, {"Origin": "https://evil.example"}],
)
async def test_without_tokens_it_is_for_this_machine_alone(
    api: Api, headers: dict[str, str]
) -> None:
    status, _ = await asked(await api(), user(ADDRESS), **headers)
    with_token, _ = await asked(await api(tokens=TOKENS), user(ADDRESS), **headers, **bearer(TOKEN))

    assert (status, with_token) == (403, 200)


# --- how often -------------------------------------------------------------------------------


async def test_who_asks_too_often_is_told_when_to_ask_again(api: Api) -> None:
    now = [0.0]
    http = await api(tokens=TOKENS, a_minute=2, seconds=lambda: now[0])
    async with http.get(DOMAINS, headers=bearer(TOKEN)) as answer:
        assert answer.status == 200
    assert (await asked(http, user("*"), **bearer(TOKEN)))[0] == 400
    async with http.get(DOMAINS, headers=bearer(TOKEN)) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "30")

    assert (await asked(http, DOMAINS, **bearer(TOKENS["console"])))[0] == 200
    now[0] = 30.0
    assert (await asked(http, DOMAINS, **bearer(TOKEN)))[0] == 200


async def test_who_guesses_tokens_is_slowed_down_and_hinders_nobody(api: Api) -> None:
    http = await api(tokens=TOKENS, a_minute=3)
    statuses = [(await asked(http, DOMAINS, **bearer(f"guess {n}")))[0] for n in range(5)]

    assert statuses == [401, 401, 401, 429, 429]
    assert (await asked(http, DOMAINS, **bearer(TOKEN)))[0] == 200


def test_only_so_many_callers_are_remembered() -> None:
    now = [0.0]
    allowance = Allowance(1, lambda: now[0])
    for number in range(MOST_REMEMBERED):
        assert allowance.wait(f"caller {number}") == 0
    assert allowance.wait("caller 0") > 0
    now[0] = 59.0
    allowance.wait("caller 0")
    now[0] = 60.0
    allowance.wait("somebody else")

    assert allowance.wait("caller 0") == 0.0
    assert len(allowance._buckets) == 2


# --- abuse -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [t for t in ABUSE if t and len(t) < 1000], ids=ascii)
async def test_abuse_is_refused_and_noted(
    api: Api, text: str, audited: list[dict[str, Any]]
) -> None:
    status, body = await asked(await api(), user(text))

    assert status in {400, 404}
    assert body["title"] in {"Not a SIP address", "Not Found"}
    assert body.get("verdict") is None
    for one in audited:
        assert (one["caller"], one["status"]) == ("demo", 400)
        assert one["about"].isascii()
        assert "\n" not in one["about"]


@pytest.mark.parametrize(
    "path",
    ["/admin/v1/users//pic-status", "/admin/v1/users/../org", "/admin/v1/users/%2e%2e/pic-status",
     "/admin/v1/users/a%2F..%2Fb@fabrikam.com/pic-status", "/admin/v1/users", "/etc/passwd"],
)  # fmt: skip
async def test_no_path_leads_elsewhere(api: Api, path: str) -> None:
    assert (await asked(await api(), path))[0] in {400, 404}


async def test_a_huge_address_is_refused(api: Api) -> None:
    http = await api()
    async with http.get(user("a" * 5000 + "@fabrikam.com")) as answer:
        assert answer.status == 400
    async with http.get(user("a" * 100_000 + "@fabrikam.com")) as answer:
        assert answer.status in {400, 414, 431}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_it_only_reads(api: Api, method: str) -> None:
    http = await api()
    async with http.request(method, user(ADDRESS)) as answer:
        assert (answer.status, answer.content_type) == (405, PROBLEM)


async def test_who_asked_about_whom_is_noted(api: Api, audited: list[dict[str, Any]]) -> None:
    http = await api(tokens=TOKENS)
    await asked(http, user(ADDRESS), **bearer(TOKEN))
    await asked(http, user("nobody@fabrikam.com"), **bearer(TOKEN))
    await asked(http, user(ADDRESS))

    assert audited[0] == {"caller": "bot", "about": ADDRESS, "status": 200, "verdict": "enabled"}
    assert audited[1]["about"] == "nobody@fabrikam.com"
    assert (audited[1]["status"], audited[1]["verdict"]) == (404, "user_not_found")
    assert (audited[2]["caller"], audited[2]["status"]) == ("somebody at 127.0.0.1", 401)


# --- its description -------------------------------------------------------------------------


def references(value: object) -> Iterator[str]:
    """Every $ref in a JSON value."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


async def test_the_description_is_whole(api: Api) -> None:
    status, document = await asked(await api(), openapi.DOCUMENT)

    assert status == 200
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {openapi.USER, ORGANISATION, DOMAINS}
    schemas = document["components"]["schemas"]
    found = set(references(document))
    assert found == {f"#/components/schemas/{name}" for name in schemas}
    operations = [path["get"] for path in document["paths"].values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        assert set(one) <= {"summary", "operationId", "responses", "parameters"}
        for code, response in one["responses"].items():
            kind = "application/json" if code == "200" else PROBLEM
            assert response["description"]
            assert set(response["content"]) == {kind}
    (parameter,) = document["paths"][openapi.USER]["get"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("sip", "path", True)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (user(ADDRESS), Status),
        (ORGANISATION, OrganisationStatus),
        (DOMAINS, SipDomains),
        (user("nobody@fabrikam.com"), Refusal),
        (user("*"), Refusal),
    ],
)
async def test_every_answer_has_the_form_that_is_described(
    api: Api, path: str, form: type[Status | OrganisationStatus | SipDomains | Refusal]
) -> None:
    http = await api()
    async with http.get(path) as answer:
        text = await answer.text()
    _, document = await asked(http, openapi.DOCUMENT)

    read = form.model_validate_json(text)
    described = document["components"]["schemas"][form.__name__]["properties"]
    assert set(read.model_dump()) == set(described)
