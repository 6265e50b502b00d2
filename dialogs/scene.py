"""One message in one conversation: what is known, and the outcomes that it can have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from types import MappingProxyType

from dialogs import case
from dialogs import walk as walking
from dialogs.library import Library
from dialogs.memory import AccountCheck, Asking, Draft, Progress, Walk
from dialogs.model import Outcome, Transcripts
from dialogs.questions import ENABLED, Facts, values
from dialogs.replies import Voice
from dialogs.reply import Button, Reply
from dialogs.sentences import fill, unmarked
from dialogs.steps import Article, Choose, End, FindOut, Procedure, Step
from dialogs.understand import Understander
from dialogs.walk import Rest
from dialogs.words import Words

PAUSED = 3
"""How many procedures wait at most while another one is walked."""
NOTICES = 2
"""How many notices are told at a time: who came for a procedure did not come for the news."""
WORKED = Asking(kind="worked")
WRITTEN = frozenset({"note", "case title", "case text", "edit title", "edit text"})
"""Questions that are answered in words of one's own, whatever these are."""
NO_ERRORS: Mapping[str, str] = MappingProxyType({})
UNCHECKED = "account not checked"
"""Stands among the notices once the person knows that their account could not be checked."""


@dataclass(frozen=True)
class Scene:
    """Where a conversation stands as a message comes in; every method leads to its Outcome.

    `contact` is how the helpdesk is reached, as the operator words it, or empty; `day` is today
    (ISO 8601), or empty; `said` is the text that came in. Where there is a `desk`, a case can be
    handed over; with `follow_ups` people can be asked again tomorrow. `fresh` is an id for either.
    With `links` people are shown the way to a ticket.
    `conversation` is the one that the message came in, and goes along with a case as `transcripts`
    says; empty: it is not kept.
    """

    library: Library
    facts: Facts
    progress: Progress
    contact: str = ""
    day: str = ""
    said: str = ""
    desk: bool = False
    fresh: str = ""
    follow_ups: bool = False
    links: bool = True
    conversation: str = ""
    transcripts: Transcripts = "none"
    understander: Understander = field(kw_only=True)

    @property
    def words(self) -> Words:
        """The assistant's own sentences."""
        return self.library.words

    @property
    def voice(self) -> Voice:
        """What puts replies into words."""
        return Voice(self.library, self.facts, self.day, self.follow_ups)

    @property
    def walk(self) -> Walk | None:
        """The procedure under way, unless the knowledge has it no more."""
        walk = self.progress.walk
        return walk if walk and walk.topic in self.library.procedures else None

    @property
    def step(self) -> Step | None:
        """The step where that procedure stands."""
        return self.library.step(self.walk.at) if self.walk else None

    @property
    def paused(self) -> tuple[Walk, ...]:
        """The procedures that wait, as far as the knowledge still has them, the last one last."""
        known = self.library.procedures
        return tuple(walk for walk in self.progress.paused if walk.topic in known)

    def asked(self, kind: str) -> bool:
        """Whether this question of the assistant's own waits for an answer."""
        asking = self.progress.asking
        return asking is not None and asking.kind == kind

    def out(self, understood: str, *replies: Reply, **changes: object) -> Outcome:
        """Replies that change no place in a procedure, but what `changes` names. Their buttons are
        numbered through: who answers by number sees all of them."""
        numbered = [button for reply in replies for button in reply.numbered]
        if numbered:
            changes["offered"] = tuple(button.says for button in numbered)
            changes["labels"] = tuple(button.label for button in numbered)
        counted = accumulate((len(reply.numbered) for reply in replies), initial=1)
        replies = tuple(map(_numbered, replies, counted))
        if (own := self.facts.own) and own.account:
            changes["account"] = own.account
        update = {"misunderstood": 0, "asking": None, **changes}
        return Outcome(self.progress.model_copy(update=update), replies, understood=understood)

    def writing(self, understood: str, question: str, asking: Asking) -> Outcome:
        """Asks for words of their own, which are none of the numbers of buttons shown before."""
        return self.out(understood, Reply(question), asking=asking, offered=(), labels=())

    def chosen(self) -> "Scene":
        """The same as one chooses a button: what it says is no answer in words of their own."""
        asking = self.progress.asking
        return self.but(asking=None) if asking and asking.kind in WRITTEN else self

    def begin(self, procedure: Procedure, address: str, understood: str, *before: Reply) -> Outcome:
        """Begins a procedure. One that is under way, if it is another one, waits meanwhile."""
        rest = walking.begin(procedure, address, self.library, self.facts, self.said)
        other = None if self.asked("worked") else self.walk
        waiting = self.waiting(other, but=procedure.topic)
        notices, noticed = self._notices(procedure.topic)
        anew = self.but(paused=waiting, noticed=noticed, tried=self._trying(procedure.topic))
        return anew.rest(rest, understood, *notices, *before)

    def instead(self, procedure: Procedure, address: str, understood: str) -> Outcome:
        """Begins a procedure in the place of the one under way, which does not wait."""
        return self.but(walk=None).begin(procedure, address, understood)

    def article(self, article: Article) -> Outcome:
        """Answers with an article; what it concerns and has changed since stands before it."""
        notices, noticed = self._notices(article.topic)
        shown = self.voice.article(article)
        anew = self.but(noticed=noticed, tried=self._trying(article.topic))
        return anew.aside(article.topic, *notices, shown)

    def go(self, step: str, understood: str) -> Outcome:
        """From the step where the procedure stands to another one."""
        assert self.walk is not None
        return self.rest(walking.go(self.walk, step, self.library, self.facts), understood)

    def choose(self, step: Choose, option: str) -> Outcome:
        """On by an option of the step where the procedure stands."""
        assert self.walk is not None
        rest = walking.choose(self.walk, step, option, self.library, self.facts)
        return self.rest(rest, "option")

    def rest(self, rest: Rest, understood: str, *before: Reply) -> Outcome:
        """Shows where a walk has come to rest, or ends it."""
        if rest.want:
            return Outcome(self.progress, wants=(rest.want,))
        scene, rest = self._unchecked_once(rest)
        told = (*before, *self.voice.told(rest))
        if isinstance(rest.step, End) and rest.step.how != "done":
            return scene.end(rest.step, rest.walk, understood, *told)
        card = self.voice.card(rest, self.progress.card + 1)
        asking = WORKED if isinstance(rest.step, End) else None
        changes = {"walk": rest.walk, "card": card.card, "asking": asking}
        return scene.out(understood, *told, card, **changes)

    def end(self, end: End, walk: Walk, understood: str, *told: Reply) -> Outcome:
        """Closes a procedure that stops, or that a person has to carry on."""
        if end.how == "hand over":
            because = fill(unmarked(end.because), values(self.facts, walk.answers))
            opening = self.words.hand_over.text
            if offered := self.offered(understood, opening, because, walk, *told, over=True):
                return offered
            last = self.handed_over(opening, because, walk)
        else:
            last = self.voice.said(end, walk)
        return self.close(understood, *told, last)

    def close(self, understood: str, *replies: Reply) -> Outcome:
        """Nothing is under way any more; what waits is offered again."""
        if not self.paused:
            return self.out(understood, *replies, walk=None)
        asking, waiting = Asking(kind="resume"), self.resume(self.paused[-1])
        return self.out(understood, *replies, waiting, walk=None, asking=asking)

    def aside(self, understood: str, *replies: Reply) -> Outcome:
        """Answers something that is not about this step, then offers to go on where one stood."""
        if self.walk is None or self.asked("worked"):
            return self.out(understood, *replies, walk=None)
        asking = Asking(kind="resume")
        return self.out(understood, *replies, self.resume(self.walk), asking=asking)

    def beside(self, understood: str, *replies: Reply) -> Outcome:
        """Says what the person did not ask for; what they were asked stays asked."""
        if self.walk is None:
            return self.out(understood, *replies, asking=self.progress.asking)
        if self.asked("worked"):
            return self.again(understood, *replies)
        return self.aside(understood, *replies)

    def silent(self, understood: str) -> Outcome:
        """Says nothing; what is known now is kept."""
        return Outcome(self.progress, understood=understood)

    def again(self, understood: str, *before: Reply) -> Outcome:
        """Shows the card once more where a procedure stands."""
        assert self.walk is not None
        rest, gone = walking.again(self.walk, self.library, self.facts)
        note = (Reply(self.words.step.gone),) if gone else ()
        return self.rest(rest, understood, *before, *note)

    def take_up(self, understood: str) -> Outcome:
        """Goes on with the procedure that was left last."""
        if self.walk:
            return self.again(understood)
        if self.paused:
            return self.but(walk=self.paused[-1], paused=self.paused[:-1]).again(understood)
        return self.nothing(understood)

    def nothing(self, understood: str) -> Outcome:
        """Says that nothing is under way, and what could be."""
        return self.out(understood, replace(self.suggestions(), text=self.words.end.nothing))

    def suggestions(self) -> Reply:
        """Three things to begin with, the likeliest for this person first."""
        address = self.facts.person.address
        on_skype = address.rpartition("@")[2] in self.facts.rules.native_domains
        words = self.words.greeting
        topics = words.suggestions_on_skype if on_skype else words.suggestions_on_lync
        buttons = self.voice.begin_buttons(topics)
        return Reply(self.words.greeting.again, buttons=buttons)

    def resume(self, walk: Walk) -> Reply:
        """Offers to go on with a procedure where it stands."""
        text = fill(self.words.resume.question, self.voice.titled(walk))
        leave: tuple[Button, ...] = (self.voice.button("cancel"), self.voice.person_button())
        return Reply(text, buttons=(self.voice.continue_button(), *leave))

    def offered(
        self,
        understood: str,
        opening: str,
        because: str,
        walk: Walk | None,
        *told: Reply,
        over: bool = False,
    ) -> Outcome | None:
        """Offers to hand a case over; None where there is no desk. `over`: so is the procedure."""
        if not self.desk:
            return None
        drafted = case.draft(because, walk, self.library, self.facts, self._account())
        draft = case.keeping(drafted, self.progress.draft, over=over)
        under_way = self.walk is not None and not over
        form = self.voice.form(draft, {}, self.enclosing, under_way=under_way)
        changes = {"walk": None} if over else {}
        return self._shown(form, understood, *told, Reply(opening), draft=draft, **changes)

    def formed(
        self, understood: str, draft: Draft, *before: Reply, errors: Mapping[str, str] = NO_ERRORS
    ) -> Outcome:
        """Shows a case as a form; what is wrong with it stands beside its field."""
        draft = draft.model_copy(update={"shown": True})
        under_way = self.walk is not None
        form = self.voice.form(draft, errors, self.enclosing, under_way=under_way)
        return self._shown(form, understood, *before, draft=draft)

    def _shown(self, form: Reply, understood: str, *before: Reply, **changes: object) -> Outcome:
        """A form has a number, so that a button of an earlier one can be told from it."""
        number = self.progress.forms + 1
        shown, asking = replace(form, form=number), Asking(kind="case")
        return self.out(understood, *before, shown, asking=asking, forms=number, **changes)

    @property
    def enclosing(self) -> Transcripts:
        """How this conversation goes along with a case."""
        return self.transcripts if self.conversation else "none"

    def trying(self, name: str) -> "Scene":
        """The same, with a topic, or a step's way for when it does not work, begun or offered."""
        return self.but(tried=self._trying(name))

    def _trying(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.progress.tried, name)))

    def on_card(self) -> "Scene":
        """The same as one presses a button on the card where the procedure stands: what is answered
        is the card, whatever was asked since."""
        return self.but(asking=WORKED if isinstance(self.step, End) else None)

    def handed_over(self, opening: str, because: str, walk: Walk | None) -> Reply:
        """What to tell a person, ready to be copied; says plainly that nothing was sent."""
        words = self.words.hand_over
        parts = [opening, words.no_desk]
        if self.contact:
            parts.append(fill(words.contact, {"contact": self.contact}))
        summary = case.summary(because, walk, self.library, self.facts, self._account())
        return Reply(" ".join(parts), copy=summary)

    def _account(self) -> AccountCheck | None:
        """What is known of this person's account: found out just now, or kept from before."""
        own = self.facts.own
        return own.account if own and own.account else self.progress.account

    def waiting(self, last: Walk | None, but: str = "") -> tuple[Walk, ...]:
        """The procedures that wait, `last` among them, without the topic `but`.

        The oldest are given up where they are too many.
        """
        walks = (*self.paused, last) if last else self.paused
        return tuple(walk for walk in walks if walk.topic != but)[-PAUSED:]

    def _notices(self, topic: str) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """What is to be told where this topic begins, and the names of all that is told then."""
        noticed = self.progress.noticed
        new = [
            notice
            for notice in self.library.notices
            if notice.concerns(topic)
            and notice.name not in noticed
            and notice.enabled
            and notice.since <= self.day
        ]
        told = [notice for notice in new if topic not in notice.told_in][:NOTICES]
        known = [notice.name for notice in new if notice in told or topic in notice.told_in]
        replies = (self.voice.notices(told),) if told else ()
        return replies, (*noticed, *known)

    def _unchecked_once(self, rest: Rest) -> tuple["Scene", Rest]:
        """That an account could not be checked is told once in a conversation."""
        unchecked = [s for s in rest.told if isinstance(s, FindOut) and self._unchecked(s, rest)]
        if not unchecked:
            return self, rest
        if UNCHECKED in self.progress.noticed:
            told = tuple(step for step in rest.told if step not in unchecked)
            return self, replace(rest, told=told)
        return self.but(noticed=(*self.progress.noticed, UNCHECKED)), rest

    def _unchecked(self, step: FindOut, rest: Rest) -> bool:
        late = self.facts.own is not None and self.facts.own.late
        return step.question == ENABLED and rest.walk.answers[ENABLED] == "unknown" and not late

    def but(self, **changes: object) -> "Scene":
        """The same, with other progress in so far."""
        return replace(self, progress=self.progress.model_copy(update=changes))


def _numbered(reply: Reply, first: int) -> Reply:
    return replace(reply, first=first) if first > 1 and reply.buttons else reply
