"""The chat page's HTML, its policy for the browser, and its assets."""

import gzip
import re
from collections.abc import AsyncIterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pages.assets import FILES, Assets
from bot.pages.chat import ChatPage
from bot.web import problems

PEOPLE = {"anna@fabrikam.com": "Anna <Lync>"}
NAMES = (
    "title, tagline, person, anew, skip, loading, interrupted, unreachable, placeholder, "
    "no bundle, no script, no people"
)
WORDS = {name: f"the {name} & more" for name in NAMES.split(", ")}
Http = TestClient[web.Request, web.Application]


def page(folder: Path, people: Mapping[str, str] = PEOPLE, *embedded_by: str) -> TestServer:
    numbers = count(1)
    assets = Assets({"webchat.js": folder / "webchat-0.0.0.js"})
    chat = ChatPage(
        words=WORDS,
        people=people,
        assets=assets,
        chance=lambda: f"nonce{next(numbers)}",
        embedded_by=embedded_by,
    )
    app = web.Application(middlewares=[problems])
    app.router.add_routes([*assets.routes(), *chat.routes()])
    return TestServer(app)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with TestClient(page(tmp_path)) as client:
        yield client


def policy_of(headers: Mapping[str, str]) -> dict[str, str]:
    parts = headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


async def test_every_word_comes_from_outside_and_is_escaped(http: Http) -> None:
    text = await (await http.get("/")).text()
    assert "Anna &lt;Lync&gt;" in text
    assert "the title &amp; more" in text
    assert '"interrupted": "the interrupted \\u0026 more"' in text
    visible = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "", text, flags=re.DOTALL)
    unknown = set(visible.split()) - set(" ".join(WORDS.values()).replace("&", "&amp;").split())
    assert unknown == {"Anna", "&lt;Lync&gt;"}


async def test_scripts_and_styles_run_by_nonce_alone(http: Http) -> None:
    first, second = await http.get("/"), await http.get("/")
    assert first.headers["Cache-Control"] == "no-store"
    assert "nonce1" not in second.headers["Content-Security-Policy"]
    policy = policy_of(first.headers)
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == "'nonce-nonce1'"
    assert "unsafe" not in first.headers["Content-Security-Policy"]
    text = await first.text()
    executed = re.findall(r'<script(?! type="application/json")[^>]*>|<style[^>]*>', text)
    assert executed
    assert all('nonce="nonce1"' in tag for tag in executed)
    assert " on" not in re.sub(r"<script.*?</script>|>[^<]*<", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:3978", "'self' ws://127.0.0.1:3978"),
        ("[::1]:3978", "'self' ws://[::1]:3978"),
        ("x; script-src *", "'self'"),
    ],
)
async def test_only_this_host_is_spoken_to(http: Http, host: str, allowed: str) -> None:
    policy = policy_of((await http.get("/", headers={"Host": host})).headers)
    assert policy["connect-src"] == allowed
    assert policy["script-src"].startswith("'nonce-")


async def test_a_site_may_be_allowed_to_embed_it(tmp_path: Path) -> None:
    async with TestClient(page(tmp_path, PEOPLE, "https://intranet.example")) as http:
        policy = policy_of((await http.get("/")).headers)
    assert policy["frame-ancestors"] == "https://intranet.example"


async def test_without_people_it_says_where_to_go(tmp_path: Path) -> None:
    async with TestClient(page(tmp_path, {})) as http:
        text = await (await http.get("/")).text()
    assert "the no people &amp; more" in text
    assert "<script" not in text


@pytest.mark.parametrize("name", FILES)
async def test_assets_are_kept_for_ever_where_their_address_names_them(
    http: Http, name: str
) -> None:
    text = await (await http.get("/")).text()
    version = re.search(r"/assets/([0-9a-f]{16})/", text)
    assert version
    kept = await http.get(f"/assets/{version[1]}/{name}")
    assert kept.content_type == FILES[name]
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["X-Content-Type-Options"] == "nosniff"
    for other in (f"/assets/{name}", f"/assets/0000000000000000/{name}"):
        assert (await http.get(other)).headers["Cache-Control"] == "no-cache"


async def test_the_bundle_comes_packed_to_who_takes_it_so(http: Http, tmp_path: Path) -> None:
    url = "/assets/webchat-0.0.0/webchat.js"
    assert (await http.get(url)).status == 404
    (tmp_path / "webchat-0.0.0.js").write_bytes(b"plain")
    (tmp_path / "webchat-0.0.0.js.gz").write_bytes(gzip.compress(b"packed"))
    for encoding, content in (("gzip", b"packed"), ("identity", b"plain")):
        answer = await http.get(url, headers={"Accept-Encoding": encoding})
        assert await answer.read() == content
        assert answer.content_type == "text/javascript"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/assets/nothing.js", "/assets/x/chat.py", "/assets/..%2fchat.py"]
)
async def test_there_is_nothing_else(http: Http, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
