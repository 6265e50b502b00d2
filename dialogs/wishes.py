"""What a text wishes for that answers no question: a topic, something for an address, or nothing
that is understood."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs import accounts, addresses, conversions, deflect
from dialogs.acts import ACTS
from dialogs.answers import clean
from dialogs.findings import TOPIC
from dialogs.mask import masked
from dialogs.memory import Asking
from dialogs.model import Missed, Outcome
from dialogs.redaction import without_secrets
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.steps import Article, Topic
from dialogs.tidy import find_addresses, normalise

BRIEF = 300
"""Characters of what was not understood that a case quotes."""


def wished(text: str, scene: Scene) -> Outcome:
    """A wish of its own: a topic, or an address to do something with."""
    own = scene.facts.person.address.casefold()
    found = tuple(a for a in find_addresses(text) if a.casefold() != own)
    if rest := deflect.besides(text, scene):
        topic = deflect.sure(rest, scene)
        scene = deflect.keeping(rest, topic, scene)
        if topic:
            return deflect.topic(topic, scene) or ACTS[deflect.WISH](scene)
    understanding = scene.understander.understand(text)
    if understanding.act:
        return ACTS[understanding.act](scene)
    known = (scene.library.topic(topic) for topic in understanding.offered)
    topics = [topic for topic in known if topic]
    if topics and understanding.decision == "answer":
        return _topic(topics[0], found, scene)
    if topics and understanding.decision == "choose":
        return which(topics, next(iter(found), ""), scene, text)
    if scene.asked("which address"):
        found = found or (text,)
    if found:
        return conversions.converted(found, scene)
    return lost(text, scene, outside=understanding.is_outside)


def _topic(topic: Topic, found: tuple[str, ...], scene: Scene) -> Outcome:
    """A topic that was asked for: at once, or after a question where another is under way."""
    address, walk = next(iter(found), ""), scene.walk
    if topic.topic == TOPIC and address:
        if scene.facts.agent:
            return accounts.of(address, scene)
        found, address = (), ""  # nobody's account but their own is ever looked up for them
    if isinstance(topic, Article) or walk is None or scene.asked("worked"):
        return begin(topic, address, scene, *conversions.one_at_a_time(found, scene))
    about = masked(scene.said)
    asking = Asking(kind="switch", topics=(topic.topic,), address=address, about=about)
    named = {**scene.voice.titled(walk), "other": topic.title, "address": address}
    words = scene.words.switch
    if topic.topic != walk.topic:
        question = fill(words.question, named)
    elif address:
        question = fill(words.address, named)
    else:
        return scene.again("already here", Reply(scene.words.step.already_here))
    other = Button(fill(scene.words.buttons.begin, {"title": topic.title}), topic.title)
    stay = Button(fill(scene.words.buttons.stay, named), "continue")
    return scene.out("switch?", Reply(question, buttons=(other, stay)), asking=asking)


def begin(topic: Topic, address: str, scene: Scene, *before: Reply) -> Outcome:
    """Begins a procedure, with an address where one was named, or shows an article."""
    if isinstance(topic, Article):
        return scene.article(topic)
    valid = addresses.convert(address, scene.facts.rules).address is not None
    given = normalise(address) if valid else ""
    return scene.begin(topic, given, topic.topic, *before)


def which(topics: Sequence[Topic], address: str, scene: Scene, about: str = "") -> Outcome:
    """Offers the topics that may be meant, each with a line that tells them apart."""
    words = scene.words.understanding
    lines = [fill(words.option, {"title": t.title, "in a word": t.in_a_word}) for t in topics]
    text = "\n".join([words.which, "", *(f"- {line}" for line in lines)])
    ids = tuple(topic.topic for topic in topics)
    none = scene.voice.button("none")
    buttons = (*scene.voice.begin_buttons(ids), none, scene.voice.person_button())
    asking = Asking(kind="which topic", topics=ids, address=address, about=masked(about))
    return scene.out("which topic?", Reply(text, buttons=buttons), asking=asking)


def lost(text: str, scene: Scene, *, outside: bool = False) -> Outcome:
    """Not understood, or nothing that a topic answers: once, other words are asked for; after
    that a person is the way."""
    at = scene.walk.at if scene.walk else None
    missed = Missed(masked(text), f"{at.procedure}/{at.step}" if at else "") if text else None
    return replace(_rephrased(scene, outside=outside), missed=missed)


def _rephrased(scene: Scene, *, outside: bool) -> Outcome:
    words = scene.words
    if scene.progress.misunderstood:
        opening, because = words.hand_over.lost, _not_understood(scene)
        if offered := scene.offered("lost", opening, because, scene.walk):
            return offered
        handed = scene.handed_over(opening, because, scene.walk)
        return scene.beside("lost", handed)
    if scene.walk:
        outcome = scene.again("lost", Reply(words.step.not_followed))
    else:
        said = words.understanding.outside if outside else words.understanding.rephrase
        outcome = scene.out("lost", replace(scene.suggestions(), text=said))
    counted = outcome.progress.model_copy(update={"misunderstood": 1})
    return replace(outcome, progress=counted)


def _not_understood(scene: Scene) -> str:
    """Why somebody has to help, with what was said last; nobody wrote that to be handed over."""
    said = " ".join(without_secrets(clean(scene.said)).split())
    return fill(scene.words.hand_over.not_understood, {"said": said[:BRIEF]})
