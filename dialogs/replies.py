"""Puts what the core decides into words: step cards, questions, buttons, small print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dialogs import walk as walking
from dialogs.answers import MAY_BE_NONE
from dialogs.findings import TOPIC, Findings
from dialogs.library import Library
from dialogs.memory import Draft, Place, Walk
from dialogs.model import Transcripts, Wording
from dialogs.questions import ENABLED, Facts, values
from dialogs.reply import Button, Picture, Reply
from dialogs.sentences import fill
from dialogs.steps import Article, Ask, Choose, Do, End, FindOut, Notice, Say, Step
from dialogs.walk import Rest
from dialogs.wording import CHANGE_TEXT, CHANGE_TITLE, fields
from dialogs.words import Words

PERSON = "talk to a person"
SHOW_ENCLOSED = "show what is attached"
LEAVE_OUT, PUT_BACK = "leave the conversation out", "put the conversation back"


@dataclass(frozen=True)
class Voice:
    """Speaks with the words of one library to one person; `day` is today (ISO 8601), or empty.

    Where there are `follow_ups`, people can be asked again tomorrow.
    """

    library: Library
    facts: Facts
    day: str = ""
    follow_ups: bool = False

    @property
    def words(self) -> Words:
        """The assistant's own sentences."""
        return self.library.words

    def told(self, rest: Rest) -> tuple[Reply, ...]:
        """What there was to tell on the way to a rest, one idea a message."""
        replies = (self._told(passed, rest.walk) for passed in rest.told)
        return tuple(reply for reply in replies if reply.text)

    def said(self, step: Say | End, walk: Walk) -> Reply:
        """The sentence of a step that waits for nothing."""
        sources = (step.source,) if step.source else ()
        text = self._filled(step.text, walk)
        return Reply(text, source=self._source(sources), picture=self._picture(step))

    def card(self, rest: Rest, card: int) -> Reply:
        """The card of the step where a walk rests; its buttons carry the number `card`."""
        walk, step = rest.walk, rest.step
        assert isinstance(step, Do | Ask | Choose | End)
        done = isinstance(step, End)
        return Reply(
            text=self.words.end.worked if done else self._filled(step.text, walk),
            heading=self._title(walk),
            place="" if done else self._place(walk),
            copy=self._filled(step.type_this, walk) if isinstance(step, Do) else "",
            buttons=self._buttons(step, walk),
            source="" if done else self._source(self._sources(step, walk.at)),
            card=card,
            picture=self._picture(step),
        )

    def article(self, article: Article) -> Reply:
        """An article as it stands, with all its sources."""
        return Reply(article.text, heading=article.title, source=self._source(article.sources))

    def notices(self, notices: Sequence[Notice]) -> Reply:
        """What has changed since the documents were written, as one message."""
        text = "\n\n".join(notice.text for notice in notices)
        cited = tuple(dict.fromkeys(notice.source for notice in notices))
        return Reply(text, heading=self.words.notice.heading, source=self._source(cited))

    def form(
        self,
        draft: Draft,
        errors: Mapping[str, str],
        enclosing: Transcripts = "none",
        *,
        under_way: bool,
    ) -> Reply:
        """A case to be handed over: what can be changed, and what goes along.

        `errors` says by field what is wrong; `enclosing` is how the conversation goes along; where
        a procedure is under way, it can go on.
        """
        words, labels = self.words.case, self.words.buttons
        more = (self.continue_button(),) if under_way else ()
        return Reply(
            text=words.offer,
            copy="\n".join((*draft.details, *self.enclosed(draft, enclosing))),
            fields=fields(Wording(draft.title, draft.text), errors, self.words),
            buttons=(
                Button(labels.hand_over, "hand over", primary=True),
                Button(labels.change_title, CHANGE_TITLE, only="text"),
                Button(labels.change_text, CHANGE_TEXT, only="text"),
                *self._enclosed_buttons(draft, enclosing),
                Button(labels.not_now, "no"),
                *(replace(button, primary=False) for button in more),
            ),
        )

    def enclosed(self, draft: Draft, enclosing: Transcripts) -> tuple[str, ...]:
        """The line of a case that says whether the conversation goes along, and in what form."""
        words = self.words.enclosed
        if enclosing == "none":
            return ()
        return (words.left_out if draft.alone else getattr(words, enclosing),)

    def _enclosed_buttons(self, draft: Draft, enclosing: Transcripts) -> tuple[Button, ...]:
        labels = self.words.buttons
        if enclosing == "none":
            return ()
        if draft.alone:
            return (Button(labels.put_back, PUT_BACK, takes_fields=True),)
        return (
            Button(labels.show_enclosed, SHOW_ENCLOSED, takes_fields=True),
            Button(labels.leave_out, LEAVE_OUT, takes_fields=True),
        )

    def titled(self, walk: Walk) -> dict[str, str]:
        """What sentences say of a walk: its title and the number of its step."""
        step, _ = walking.number(walk, self.library, self.facts)
        return {"title": self._title(walk), "step": str(step)}

    def kept(self, step: Ask, walk: Walk) -> str:
        """The answer that was given before and can be kept, or nothing."""
        value = walk.answers.get(step.name, "")
        return value if value and walking.holds(step, value, walk, self.facts) else ""

    def begin_buttons(self, topics: tuple[str, ...]) -> tuple[Button, ...]:
        """One button for each topic; pressing it asks for the topic by its title."""
        known = (self.library.topic(topic) for topic in topics)
        return tuple(Button(topic.title, topic.title) for topic in known if topic)

    def button(self, act: str, label: str = "", *, primary: bool = False) -> Button:
        """The button of a dialog act: its label is of the words, what it says is the act."""
        return Button(label or getattr(self.words.buttons, act.replace(" ", "_")), act, primary)

    def continue_button(self) -> Button:
        """Back to the step where a procedure stands."""
        return Button(self.words.buttons.continue_, "continue", primary=True)

    def person_button(self) -> Button:
        """The way to a person, which stands on every card."""
        return Button(self.words.buttons.person, PERSON)

    def _buttons(self, step: Step, walk: Walk) -> tuple[Button, ...]:
        words = self.words.buttons
        back = (self.button("back"),) if walk.path else ()
        again = self._again_button(step, walk)
        leave = (self.button("cancel"), self.person_button())
        match step:
            case Do():
                done, stuck = self.button("done", primary=True), self.button("stuck")
                return (done, *again, *back, stuck, *leave)
            case Ask():
                kept = self.kept(step, walk)
                keep = fill(words.keep, {"answer": kept})
                first = (Button(keep, "keep", primary=True),) if kept else ()
                none = (Button(words.no_value, "none"),) if step.answer in MAY_BE_NONE else ()
                return (*first, *none, *back, self.button("stuck", words.unknown_answer), *leave)
            case Choose():
                options = tuple(Button(option, option, primary=True) for option in step.options)
                return (*options, *back, *leave)
        worked = (self.button("yes", primary=True), self.button("no"))
        return (*worked, *again, self.person_button())

    def _again_button(self, step: Step, walk: Walk) -> tuple[Button, ...]:
        """The way to be asked again tomorrow, once, where somebody else has to act first."""
        waits = isinstance(step, Do | End) and step.ask_again
        offered = waits and self.follow_ups and not walk.put_off
        return (self.button("ask again"),) if offered else ()

    def _filled(self, text: str, walk: Walk) -> str:
        """A sentence of a step. Most have nothing to fill in, and finding the values takes time."""
        return fill(text, values(self.facts, walk.answers)) if "{" in text else text

    def _told(self, passed: Say | FindOut, walk: Walk) -> Reply:
        if isinstance(passed, FindOut):
            outcome = walk.answers[passed.question]
            if passed.question == ENABLED:
                return Reply(self._enabled(outcome, walk))
            return Reply(self.words.outcomes.get(passed.question, {}).get(outcome, ""))
        return self.said(passed, walk)

    def _enabled(self, outcome: str, walk: Walk) -> str:
        """What was found out about the person's account; nobody on Skype has one, which is told
        where they asked for it."""
        if self.facts.on_skype:
            return self.words.account.on_skype if walk.topic == TOPIC else ""
        return Findings(self.library, self.day).told(self.facts.own, outcome)

    def _picture(self, step: Step) -> Picture | None:
        """The picture of a step, with words for where it cannot be shown."""
        drawing = self.library.pictures.get(getattr(step, "picture", ""))
        if drawing is None:
            return None
        told = fill(self.words.step.picture, {"alt": drawing.picture.alt})
        return replace(drawing.picture, told=told)

    def _title(self, walk: Walk) -> str:
        return self.library.procedures[walk.topic].title

    def _place(self, walk: Walk) -> str:
        step, steps = walking.number(walk, self.library, self.facts)
        return fill(self.words.step.place, {"step": str(step), "steps": str(steps)})

    def _sources(self, step: Step, at: Place) -> tuple[str, ...]:
        own = getattr(step, "source", "")
        return (own,) if own else self.library.procedures[at.procedure].sources[:1]

    def _source(self, sources: tuple[str, ...]) -> str:
        if not sources:
            return ""
        cited = "; ".join(self.library.cited(source) for source in sources)
        return fill(self.words.step.source, {"sources": cited})
