"""The pages that show people what the assistant knows: `/knowledge` and `/knowledge/TOPIC`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from bot.pages.answer import page, templates
from bot.pages.assets import Assets
from bot.pages.markdown import html
from dialogs.draw import flowchart
from dialogs.flow import ways
from dialogs.library import Library
from dialogs.reply import Picture
from dialogs.steps import Ask, Choose, Do, End, FindOut, Procedure, Say, Step, Topic

BUNDLE = "mermaid.js"
STEP_WORDS: Mapping[type[Step], str] = {
    Say: "say",
    Do: "do",
    Ask: "ask",
    Choose: "choose",
    FindOut: "find out",
    End: "end",
}
BY_NAME = {"next", "if stuck", "if not"}
"""Ways that are named in words.yaml; options and outcomes have their own names."""


@dataclass(frozen=True)
class Way:
    """Where a step can lead: what leads there, its name, and its address (empty: a person)."""

    by: str
    to: str
    link: str


@dataclass(frozen=True)
class Shown:
    """A step as the page shows it."""

    id: str
    name: str
    word: str
    text: Markup
    picture: Picture | None
    type_this: str
    because: str
    source: str
    facts: tuple[str, ...]
    ways: tuple[Way, ...]


class KnowledgePages:
    """Serves the list of topics and a page for each; `chance` gives nonces."""

    def __init__(
        self,
        library: Callable[[], Library],
        assets: Assets,
        chance: Callable[[], str],
        lang: str = "en",
    ) -> None:
        self._library = library
        self._assets = assets
        self._chance = chance
        self._lang = lang
        pages = templates()
        self._topics, self._topic = (
            pages.get_template("topics.html"),
            pages.get_template("topic.html"),
        )

    def routes(self) -> list[web.RouteDef]:
        """What to add to the application."""
        return [
            web.get("/knowledge", self._all),
            web.get("/knowledge/", self._all),
            web.get("/knowledge/{topic}", self._one),
        ]

    async def _all(self, _: web.Request) -> web.Response:
        return self._list()

    async def _one(self, request: web.Request) -> web.Response:
        library, nonce = self._library(), self._chance()
        topic = library.topic(request.match_info["topic"])
        if topic is None:
            return self._list(404)
        text = self._topic.render(
            **self._common(library),
            nonce=nonce,
            topic=topic,
            html=html,
            cited=[library.cited(source) for source in topic.sources],
            facts=_facts(topic),
            steps=list(_steps(topic, library)) if isinstance(topic, Procedure) else [],
            mermaid=self._assets.bundle(BUNDLE) if self._assets.has(BUNDLE) else "",
            setup=self._setup(topic, library),
        )
        return page(text, _policy(nonce))

    def _list(self, status: int = 200) -> web.Response:
        library, nonce = self._library(), self._chance()
        text = self._topics.render(
            **self._common(library),
            known=status != 404,
            groups={
                "procedures": list(library.procedures.values()),
                "articles": list(library.articles.values()),
            },
        )
        return page(text, _policy(nonce), status)

    def _common(self, library: Library) -> dict[str, object]:
        words = library.words.knowledge_page
        return {"lang": self._lang, "words": words, "assets": self._assets.folder}

    def _setup(self, topic: Topic, library: Library) -> dict[str, object]:
        """What the page's script has to know."""
        if not isinstance(topic, Procedure):
            return {}
        titles = {p.topic: p.title for p in library.procedures.values()}
        words = {"failed": library.words.knowledge_page["no drawing"]}
        return {"flow": flowchart(topic, titles), "title": topic.title, "words": words}


def _policy(nonce: str) -> list[str]:
    return [
        f"script-src 'nonce-{nonce}'",
        # Mermaid puts a style element and style attributes into its drawing, and takes no nonce
        # for them. The page shows our own knowledge and nothing that anybody has typed.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


def _facts(topic: Topic) -> list[str]:
    """The facts that a topic tells, A before B and 2 before 10."""
    told = topic.facts if not isinstance(topic, Procedure) else sum(topic.facts.values(), ())
    return sorted(set(told), key=lambda fact: (fact[:1], len(fact), fact))


def _steps(procedure: Procedure, library: Library) -> Iterator[Shown]:
    ids = _ids(procedure)
    words = library.words.knowledge_page
    for step in procedure.steps.values():
        source = getattr(step, "source", "")
        yield Shown(
            id=ids[step.name],
            name=step.name,
            word=words[STEP_WORDS[type(step)]],
            text=_text(step, words),
            picture=library.pictures[name].picture if (name := _picture(step)) else None,
            type_this=getattr(step, "type_this", ""),
            because=getattr(step, "because", ""),
            source=library.cited(source) if source else "",
            facts=procedure.facts.get(step.name, ()),
            ways=tuple(_ways(step, ids, library)),
        )


def _picture(step: Step) -> str:
    return getattr(step, "picture", "")


def _text(step: Step, words: Mapping[str, str]) -> Markup:
    match step:
        case FindOut():
            return html(f"**{step.question}**")
        case End() if not step.text:
            return html(words[step.how])
    return html(step.text)


def _ways(step: Step, ids: Mapping[str, str], library: Library) -> Iterator[Way]:
    words = library.words.knowledge_page
    for by, to in ways(step).items():
        named = by in BY_NAME and not isinstance(step, Choose | FindOut)
        yield Way(words[by] if named else by, to, f"#{ids[to]}")
    match step:
        case Do(if_stuck="") | Ask(if_stuck=""):
            yield Way(words["if stuck"], words["person"], "")
        case End(how="done", if_not=""):
            yield Way(words["if not"], words["person"], "")
        case End(how="go on"):
            other = library.procedures[step.procedure]
            link = f"/knowledge/{other.topic}#{_ids(other)[step.at]}"
            yield Way(words["next"], f"{other.title}: {step.at}", link)


def _ids(procedure: Procedure) -> dict[str, str]:
    """The steps' ids in the page; the nodes of the drawing have the same numbers."""
    return {name: f"step-{number}" for number, name in enumerate(procedure.steps, start=1)}
