"""The pages that show the topics: what stands in them, their links, their policy."""

import re
from collections.abc import AsyncIterator
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.pages.assets import Assets
from bot.pages.knowledge import KnowledgePages
from bot.web import problems
from dialogs.flow import ways
from dialogs.library import load
from dialogs.steps import Procedure
from tests.dialogs.sample import REAL

LIBRARY = load(REAL)
WORDS = LIBRARY.words.knowledge_page
Http = TestClient[web.Request, web.Application]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    """The pages, with Mermaid fetched."""
    (tmp_path / "mermaid-0.js").write_text("// Mermaid")
    async with TestClient(TestServer(served(tmp_path))) as client:
        yield client


def served(folder: Path) -> web.Application:
    numbers = count(1)
    assets = Assets({"mermaid.js": folder / "mermaid-0.js"})
    pages = KnowledgePages(lambda: LIBRARY, assets, lambda: f"nonce{next(numbers)}")
    app = web.Application(middlewares=[problems])
    app.router.add_routes([*assets.routes(), *pages.routes()])
    return app


async def text_of(http: Http, topic: str) -> str:
    answer = await http.get(f"/knowledge/{topic}")
    assert answer.status == 200
    return await answer.text()


async def test_all_topics_are_listed_with_a_line_each(http: Http) -> None:
    text = unescape(await (await http.get("/knowledge")).text())
    for topic in LIBRARY.topics.values():
        assert f'<a href="/knowledge/{topic.topic}">{topic.title}</a>' in text
        assert f"<span>{topic.in_a_word}</span>" in text
    assert WORDS["unknown"] not in text


async def test_what_is_no_topic_is_answered_with_all_that_are(http: Http) -> None:
    answer = await http.get("/knowledge/xyzzy")
    assert answer.status == 404
    text = await answer.text()
    assert WORDS["unknown"] in text
    assert "/knowledge/add-skype-contact" in text


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
async def test_every_step_way_source_and_phrase_stands_in_the_page(http: Http, topic: str) -> None:
    text = unescape(await text_of(http, topic))
    known = LIBRARY.topics[topic]
    assert all(f"<li>{phrase}</li>" in text for phrase in known.phrases)
    assert all(f"<li>{LIBRARY.cited(source)}</li>" in text for source in known.sources)
    steps = known.steps if isinstance(known, Procedure) else {}
    for step in steps.values():
        assert f"<h3>{step.name} <span" in text
        assert all(f">{to}</a>" in text for to in ways(step).values())
    assert text.count('<li id="step-') == len(steps)


async def test_every_link_leads_to_a_step_that_is_there(http: Http) -> None:
    pages = {topic: await text_of(http, topic) for topic in LIBRARY.topics}
    for topic, text in pages.items():
        for page, step in re.findall(r'href="(?:/knowledge/([\w-]+))?#(step-\d+)"', text):
            assert f'id="{step}"' in pages[page or topic]


async def test_an_article_shows_its_text_and_draws_nothing(http: Http) -> None:
    text = await text_of(http, "recognise-the-other-side")
    assert "<b>In Skype:</b> the word <b>Lync</b> stands below the name" in text
    assert "<script" not in text


async def test_where_a_person_takes_over_is_said(http: Http) -> None:
    text = await text_of(http, "accept-contact-request")
    step = text.partition('id="step-8"')[2].partition("</li>\n        <li id")[0]
    assert f"<p>{WORDS['hand over']}</p>" in step
    assert WORDS["because"] in step
    assert f"<span>{WORDS['if stuck']}</span> → {WORDS['person']}" in await text_of(
        http, "configure-lync-alerts"
    )


async def test_scripts_run_by_nonce_and_nothing_comes_from_elsewhere(http: Http) -> None:
    answer = await http.get("/knowledge/add-skype-contact")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == "'nonce-nonce1'"
    assert "connect-src" not in policy
    text = await answer.text()
    executed = re.findall(r'<script(?! type="application/json")[^>]*>', text)
    assert len(executed) == 2
    assert all('nonce="nonce1"' in tag for tag in executed)
    assert "style=" not in text


async def test_without_the_bundle_the_list_says_all_the_same(tmp_path: Path) -> None:
    async with TestClient(TestServer(served(tmp_path))) as http:
        text = unescape(await text_of(http, "add-skype-contact"))
    assert WORDS["no bundle"] in text
    assert "<script" not in text
    assert '<li id="step-1"' in text


async def test_a_step_with_a_picture_shows_it_with_its_words(http: Http) -> None:
    text = unescape(await text_of(http, "configure-lync-alerts"))
    procedure = LIBRARY.procedures["configure-lync-alerts"]
    shown = [name for step in procedure.steps.values() if (name := getattr(step, "picture", ""))]
    assert shown
    for name in shown:
        picture = LIBRARY.pictures[name].picture
        assert f'src="/pictures/{picture.file}" alt="{picture.alt}"' in text


async def test_the_list_is_there_with_a_slash_at_its_end_as_well(http: Http) -> None:
    assert (await http.get("/knowledge/")).status == 200
