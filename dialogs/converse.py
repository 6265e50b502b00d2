"""One message → Outcome. The order in which a message is read stands in `Assistant._said`."""

import re
from dataclasses import dataclass, replace

from dialogs import addresses, answers
from dialogs import walk as walking
from dialogs.acts import ACTS
from dialogs.addresses import AddressRules
from dialogs.answers import clean, plain
from dialogs.library import Library
from dialogs.model import (
    Article,
    Ask,
    Asking,
    Button,
    Choose,
    Found,
    Message,
    Outcome,
    Press,
    Progress,
    Reply,
    Topic,
)
from dialogs.questions import Facts, reason
from dialogs.scene import WORKED, Scene
from dialogs.understand import Understander
from dialogs.words import fill

LONGEST_TEXT = 4000
"""Characters of a message that are read; a person who sends more is asked for what matters."""


@dataclass(frozen=True)
class Assistant:
    """Decides what to say: all it knows is here, all it remembers comes and goes as Progress.

    `contact` is how the helpdesk is reached, as the operator words it, or empty.
    """

    library: Library
    understander: Understander
    rules: AddressRules
    contact: str = ""

    def answer(self, message: Message, progress: Progress, found: Found) -> Outcome:
        """Decides one message. Pure: the same values in, the same values out.

        Where the outcome `wants` something, nothing is decided: call again with it `found`.
        """
        facts = Facts(message.person, self.rules, self.library.reasons, found)
        scene = Scene(self.library, facts, progress, self.contact)
        if message.news:
            return scene.aside("news", message.news)
        if scene.walk and scene.step is None:
            return scene.again("step gone")
        if message.joined:
            return ACTS["greeting"](scene)
        if message.press:
            return self._pressed(message.press, scene)
        return self._said(clean(message.text), scene)

    def trouble(self, progress: Progress) -> Outcome:
        """What to say where a defect kept a message from being decided; nothing changes."""
        return Outcome(progress, (Reply(self.library.words.trouble),), understood="trouble")

    def _pressed(self, press: Press, scene: Scene) -> Outcome:
        """A button of the card shown last, or of a card that is always good (number 0)."""
        words = scene.words.step
        if press.card in (0, scene.progress.card):
            return self._said(clean(press.says), scene)
        if scene.walk is None:
            return scene.out("card behind", Reply(words.closed))
        return scene.again("card behind", Reply(words.behind))

    def _said(self, text: str, scene: Scene) -> Outcome:
        """Reads a text: first as an answer to what was asked, then as a wish of its own."""
        words = scene.words.understanding
        if not text.strip():
            return scene.aside("empty", Reply(words.empty))
        if len(text) > LONGEST_TEXT:
            length = {"length": str(len(text)), "limit": str(LONGEST_TEXT)}
            return scene.aside("too long", Reply(fill(words.too_long, length)))
        text = _numbered(text, scene.progress.offered)
        return (
            self._option(text, scene)
            or self._asked(text, scene)
            or self._act(text, scene)
            or self._conversion(text, scene)
            or self._answered(text, scene)
            or self._wished(text, scene)
        )

    def _option(self, text: str, scene: Scene) -> Outcome | None:
        """Exactly the words of an option, whatever else they may mean."""
        if isinstance(scene.step, Choose):
            for option, to in scene.step.options.items():
                if plain(text) == plain(option):
                    return scene.go(to, "option")
        return None

    def _asked(self, text: str, scene: Scene) -> Outcome | None:
        """An answer to a question of the assistant's own; any other text is read on."""
        asking = scene.progress.asking
        if asking is None:
            return None
        if asking.kind == "which address":
            found = addresses.find_addresses(text)
            return self._converted(found, scene) if found else None
        offered = [t for topic in asking.topics if (t := scene.library.topic(topic))]
        for topic in offered:
            agreed = len(offered) == 1 and self.understander.act(text) == "yes"
            if agreed or plain(text) == plain(topic.title):
                return self._begin(topic, asking.address, scene)
        return None

    def _act(self, text: str, scene: Scene) -> Outcome | None:
        act = self.understander.act(text)
        if act == "none" and scene.progress.asking and scene.progress.asking.topics:
            return self._lost(scene)
        return ACTS[act](scene) if act and act in ACTS else None

    def _conversion(self, text: str, scene: Scene) -> Outcome | None:
        """`convert …` and `convert back …`, with any number of addresses."""
        for act, back in (("convert back", True), ("convert", False)):
            rest = _after(text, scene.library.phrases[act])
            if rest is not None and not rest:
                asking = Asking(kind="which address")
                return scene.out(act, Reply(scene.words.convert.ask), asking=asking)
            if rest:
                found = addresses.find_addresses(rest) or tuple(re.split(r"[\s,;]+", rest))
                return self._converted(found, scene, back=back)
        return None

    def _answered(self, text: str, scene: Scene) -> Outcome | None:
        """The answer to the question of the step where a procedure stands."""
        step, walk = scene.step, scene.walk
        if walk and isinstance(step, Ask):
            read = answers.read(step.answer, text, self.rules)
            if read.value is not None:
                rest = walking.answer(walk, step, read.value, scene.library, scene.facts)
                return scene.rest(rest, "answer")
            if read.refused and self.understander.understand(text).decision != "answer":
                return scene.again("answer refused", Reply(reason(read.refused, scene.facts)))
        if isinstance(step, Choose) and (option := answers.pick(text, step.options)):
            return scene.go(step.options[option], "option")
        return None

    def _wished(self, text: str, scene: Scene) -> Outcome:
        """A wish of its own: a topic, an act, or an address to do something with."""
        own = scene.facts.person.address
        found = tuple(a for a in addresses.find_addresses(text) if a != own)
        understanding = self.understander.understand(text)
        topics = tuple(guess.topic for guess in understanding.guesses)
        if understanding.decision == "answer":
            if topics[0] in ACTS:
                return ACTS[topics[0]](scene)
            topic = scene.library.topic(topics[0])
            assert topic is not None
            return self._topic(topic, found, scene)
        if understanding.decision == "choose":
            return self._which(topics, found, scene)
        return self._converted(found, scene) if found else self._lost(scene)

    def _topic(self, topic: Topic, found: tuple[str, ...], scene: Scene) -> Outcome:
        """A topic that was asked for: at once, or after a question where another is under way."""
        address, walk = next(iter(found), ""), scene.walk
        if isinstance(topic, Article) or walk is None or scene.progress.asking == WORKED:
            return self._begin(topic, address, scene, *_one_at_a_time(found, scene))
        asking = Asking(kind="switch", topics=(topic.topic,), address=address)
        named = {**scene.voice.titled(walk), "other": topic.title, "address": address}
        words = scene.words.switch
        if topic.topic != walk.topic:
            question = fill(words.question, named)
        elif address:
            question = fill(words.address, named)
        else:
            return scene.again("already here", Reply(scene.words.step.already_here))
        begin = Button(fill(scene.words.buttons.begin, {"title": topic.title}), topic.title)
        stay = Button(fill(scene.words.buttons.stay, named), "continue")
        return scene.out("switch?", Reply(question, buttons=(begin, stay)), asking=asking)

    def _begin(self, topic: Topic, address: str, scene: Scene, *before: Reply) -> Outcome:
        if isinstance(topic, Article):
            return scene.aside(topic.topic, scene.voice.article(topic))
        valid = addresses.convert(address, self.rules).address is not None
        given = addresses.normalise(address) if valid else ""
        return scene.begin(topic, given, topic.topic, *before)

    def _which(self, topics: tuple[str, ...], found: tuple[str, ...], scene: Scene) -> Outcome:
        """Offers the topics that may be meant, each with a line that tells them apart."""
        words = scene.words.understanding
        offered = [t for topic in topics if (t := scene.library.topic(topic))]
        if not offered:
            return self._lost(scene)
        lines = [fill(words.option, {"title": t.title, "in a word": t.in_a_word}) for t in offered]
        text = "\n".join([words.which, "", *(f"- {line}" for line in lines)])
        none = scene.voice.button("none")
        buttons = (*scene.voice.begin_buttons(topics), none, scene.voice.person_button())
        asking = Asking(
            kind="which topic",
            topics=tuple(t.topic for t in offered),
            address=next(iter(found), ""),
        )
        return scene.out("which topic?", Reply(text, buttons=buttons), asking=asking)

    def _converted(self, found: tuple[str, ...], scene: Scene, *, back: bool = False) -> Outcome:
        """What becomes of each address; for a single one, what could be done with it next."""
        convert = addresses.revert if back else addresses.convert
        conversions = [convert(address, self.rules) for address in found if address]
        sentences = [reason(conversion, scene.facts) for conversion in conversions]
        results = "\n".join(c.address for c in conversions if c.address)
        if len(sentences) > 1:
            return scene.aside(
                "convert", Reply("\n".join(f"- {s}" for s in sentences), copy=results)
            )
        reply = Reply("".join(sentences), copy=results)
        if back or not results or scene.walk:
            return scene.aside("convert", reply)
        return scene.out("convert", reply, self._what_next(found[0], scene))

    def _what_next(self, address: str, scene: Scene) -> Reply:
        """Offers to add the person whose address was converted."""
        labels = scene.words.buttons
        ways = (
            ("add-skype-contact", labels.add_to_lync),
            ("add-lync-contact", labels.add_to_skype),
        )
        known = ((scene.library.topic(topic), label) for topic, label in ways)
        buttons = tuple(
            Button(label, f"{topic.title} {address}") for topic, label in known if topic
        )
        return Reply(scene.words.convert.add, buttons=buttons)

    def _lost(self, scene: Scene) -> Outcome:
        """Not understood: once, other words are asked for; after that a person is the way."""
        words = scene.words
        if scene.progress.misunderstood:
            because = words.hand_over.not_understood
            handed = scene.handed_over(words.hand_over.lost, because, scene.walk)
            return scene.aside("lost", handed)
        if scene.walk and scene.progress.asking != WORKED:
            outcome = scene.again("lost", Reply(words.step.not_followed))
        else:
            outcome = scene.out("lost", Reply(words.understanding.rephrase))
        counted = outcome.progress.model_copy(update={"misunderstood": 1})
        return replace(outcome, progress=counted)


def _numbered(text: str, offered: tuple[str, ...]) -> str:
    """What the button says whose number was typed; any other text as it is."""
    number = text.strip().rstrip(".)")
    if number.isdecimal() and len(number) < 3 and 1 <= int(number) <= len(offered):
        return offered[int(number) - 1]
    return text


def _after(text: str, phrases: tuple[str, ...]) -> str | None:
    """What stands behind a phrase that a text begins with; None where it does not."""
    said = " ".join(text.split())
    for phrase in sorted(phrases, key=len, reverse=True):
        begins, rest = said[: len(phrase)].casefold() == phrase, said[len(phrase) :]
        if begins and (not rest or not rest[0].isalnum()):
            return rest.strip(" :,")
    return None


def _one_at_a_time(found: tuple[str, ...], scene: Scene) -> tuple[Reply, ...]:
    if len(found) < 2:
        return ()
    return (Reply(fill(scene.words.several_addresses, {"address": found[0]})),)
