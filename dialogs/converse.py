"""One message → Outcome. The order in which a message is read stands in `Assistant._said`."""

from dataclasses import dataclass, replace

from dialogs import (
    accounts,
    answers,
    case_edit,
    case_news,
    cases,
    changes,
    conversions,
    deflect,
    follow_ups,
    hand_over,
)
from dialogs import walk as walking
from dialogs.acts import ACTS
from dialogs.addresses import AddressRules
from dialogs.answers import ANY_WORDS, clean, plain
from dialogs.findings import Findings
from dialogs.flow import waits
from dialogs.library import Library
from dialogs.memory import Progress
from dialogs.model import (
    Act,
    CaseNews,
    Due,
    Event,
    Found,
    Message,
    MyCases,
    Outcome,
    Person,
    PicStatus,
    Press,
    SaidHere,
    Transcripts,
    Want,
)
from dialogs.questions import MISSING, Facts, reason
from dialogs.replies import PERSON
from dialogs.reply import Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.steps import Ask, Choose
from dialogs.understand import Understander
from dialogs.wishes import begin, lost, which, wished

ASIDE = 4
"""Words that a text must have to be no name: those of enterprises can sound like topics."""
LONGEST_TEXT = 4000
"""Characters of a message that are read; a person who sends more is asked for what matters."""


@dataclass(frozen=True)
class Assistant:
    """Decides what to say: all it knows is here, all it remembers comes and goes as Progress.

    `contact` is how the helpdesk is reached, as the operator words it, or empty; `agents` are the
    sign-in addresses of those who help, in lower case; where there is a `desk`, cases can be handed
    over to it, and the conversation goes along as `transcripts` says. With `follow_ups` people are
    asked again on another day, with `links` they are shown the way to their tickets.
    """

    library: Library
    understander: Understander
    rules: AddressRules
    contact: str = ""
    agents: frozenset[str] = frozenset()
    desk: bool = False
    follow_ups: bool = False
    links: bool = True
    transcripts: Transcripts = "none"

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        """Decides one message. Pure: the same values in, the same values out.

        Where the outcome `wants` something, nothing is decided: call again with it `found`.
        """
        facts = self._facts(message, progress, found)
        said = message.press.says if message.press else message.text
        scene = Scene(
            library=self.library,
            facts=facts,
            progress=progress,
            contact=self.contact,
            day=message.day,
            said=said,
            desk=self.desk,
            fresh=message.fresh,
            follow_ups=self.follow_ups,
            links=self.links,
            conversation=message.conversation,
            transcripts=self.transcripts,
            understander=self.understander,
        )
        if message.event:
            return self._told(message.event, scene)
        if message.late:
            return accounts.late(message.late, scene)
        if scene.walk and not waits(scene.step):
            return scene.again("step gone")
        if message.joined:
            return ACTS["greeting"](scene)
        if message.press:
            return self._pressed(message.press, scene)
        return self._said(message.text, scene)

    def trouble(self, progress: Progress) -> Outcome:
        """What to say where a defect kept a message from being decided; nothing changes."""
        return Outcome(progress, (Reply(self.library.words.trouble),), understood="trouble")

    def _told(self, event: Event, scene: Scene) -> Outcome:
        """What the assistant has to tell of its own accord."""
        match event:
            case CaseNews():
                return case_news.told(event, scene)
            case Due():
                return follow_ups.due(event.follow_up, scene)
        return scene.beside("news", event)

    def meanwhile(self, person: Person, want: Want) -> str:
        """What to say while something takes long to be found out."""
        words = self.library.words
        if isinstance(want, MyCases):
            return words.case.meanwhile
        if isinstance(want, SaidHere):
            return words.enclosed.meanwhile
        own = want.address == person.address
        return words.account.meanwhile if own else words.account.meanwhile_other

    def _facts(self, message: Message, progress: Progress, found: Found) -> Facts:
        person = message.person
        own = found.get(PicStatus(person.address)) if found else None
        account = own.account if own else progress.account
        named = {MISSING: Findings(self.library).to_send(account)}
        agent = person.address.lower() in self.agents
        return Facts(person, self.rules, self.library.reasons, found, named, agent)

    def _pressed(self, press: Press, scene: Scene) -> Outcome:
        """A button of the card where a procedure stands, or one that is always good.

        Always good are those that stand on no card (number 0), and the way to a person.
        """
        words = scene.words.step
        if self.desk and (done := _on_form(press, scene)):
            return done
        on_card = bool(scene.walk and press.card == scene.progress.card)
        if on_card and press.card and press.says != PERSON:
            scene = scene.on_card()
        if on_card or press.card == 0 or press.says == PERSON:
            return self._said(press.says, scene.chosen())
        if scene.walk is None:
            return Outcome(scene.progress, (Reply(words.closed),), understood="card behind")
        return scene.again("card behind", Reply(words.behind))

    def _said(self, text: str, scene: Scene) -> Outcome:
        """Reads a text: first as an answer to what was asked, then as a wish of its own."""
        words = scene.words.understanding
        if len(text) > LONGEST_TEXT:
            length = {"length": str(len(text)), "limit": str(LONGEST_TEXT)}
            return scene.beside("too long", Reply(fill(words.too_long, length)))
        typed = clean(text)
        text = _meant(typed, scene.progress)
        scene = scene if text == typed else scene.chosen()
        if not text.strip():
            return scene.beside("empty", Reply(words.empty))
        act = self.understander.act(text)
        return (
            _option(text, act, scene)
            or _instead(act, scene)
            or _of_a_case(text, act, scene)
            or _asked(text, act, scene)
            or _act(act, scene)
            or conversions.wanted(text, scene)
            or changes.wanted(text, scene)
            or accounts.wanted(text, scene)
            or _answered(text, scene)
            or wished(text, scene)
        )


def _on_form(press: Press, scene: Scene) -> Outcome | None:
    """A press on a card with fields: of a case to be handed over, or of one that is recorded."""
    return hand_over.pressed(press, scene) or case_edit.pressed(press, scene)


def _option(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """Exactly the words of an option, whatever else they may mean.

    But a yes or no to a question of the assistant's own is an answer to that.
    """
    if scene.progress.asking and act in {"yes", "no"}:
        return None
    if isinstance(scene.step, Choose):
        for option in scene.step.options:
            if plain(text) == plain(option):
                return scene.choose(scene.step, option)
    return None


def _instead(act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to what was offered in a person's place."""
    meant = deflect.meant(act, scene)
    return ACTS[meant](scene) if meant else None


def _of_a_case(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """What concerns cases, where there is a desk to take them."""
    if not scene.desk:
        return None
    return (
        hand_over.answered(text, act, scene)
        or cases.answered(text, act, scene)
        or cases.wanted(text, act, scene)
    )


def _asked(text: str, act: Act | None, scene: Scene) -> Outcome | None:
    """An answer to a question of the assistant's own; any other text is read on."""
    asking = scene.progress.asking
    if asking is None:
        return None
    offered = [t for topic in asking.topics if (t := scene.library.topic(topic))]
    for topic in offered:
        if plain(text) == plain(topic.title) or (act == "yes" and len(offered) == 1):
            return begin(topic, asking.address, replace(scene, said=asking.about))
    if act == "yes" and offered:
        return which(offered, asking.address, scene, asking.about)
    return conversions.answered(text, scene)


def _act(act: Act | None, scene: Scene) -> Outcome | None:
    """What can be wanted at any moment."""
    asking = scene.progress.asking
    if act == "none" and asking and asking.kind == "which topic":
        return lost(asking.about, scene)
    return ACTS[act](scene) if act and act in ACTS else None


def _answered(text: str, scene: Scene) -> Outcome | None:
    """The answer to the question of the step where a procedure stands."""
    step, walk = scene.step, scene.walk
    if walk and isinstance(step, Ask):
        read = answers.read(step.answer, text, scene.facts.rules, walk.answers)
        aside = _is_aside(text, scene)
        may_be_aside = step.answer in ANY_WORDS and len(text.split()) >= ASIDE
        if read.value is not None and not (aside and may_be_aside):
            rest = walking.answer(walk, step, read.value, scene.library, scene.facts)
            return scene.rest(rest, "answer")
        if read.refused and not aside:
            return scene.again("answer refused", Reply(reason(read.refused, scene.facts)))
    if isinstance(step, Choose) and (option := answers.pick(text, step.options)):
        return scene.choose(step, option)
    return None


def _is_aside(text: str, scene: Scene) -> bool:
    """A text that surely asks for a topic or a person; a name, too, may begin with “Hello”."""
    understanding = scene.understander.understand(text)
    return understanding.decision == "answer" and understanding.act in {
        None,
        "talk-to-a-person",
    }


def _meant(text: str, progress: Progress) -> str:
    """What the button says whose number or whose label was typed; any other text as it is."""
    offered, number = progress.offered, text.strip().rstrip(".)")
    if number.isdecimal() and 1 <= int(number) <= len(offered):
        return offered[int(number) - 1]
    labelled = dict(zip(map(plain, progress.labels), offered, strict=False))
    return labelled.get(plain(text), text)
