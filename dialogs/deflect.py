"""Points to what is documented before a person takes over: once, and never to who insists."""

from collections.abc import Sequence

from dialogs import walk as walking
from dialogs.answers import plain
from dialogs.mask import masked
from dialogs.memory import Asking, Draft, Place
from dialogs.model import Act, Outcome
from dialogs.redaction import without_secrets
from dialogs.replies import PERSON
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.steps import Do, End, Topic
from dialogs.understand import LEAST

WISH: Act = "talk-to-a-person"
SURE = 0.85
"""How likely a topic must be to be offered in a person's place. Of the texts of people who knew no
phrasing, seven in ten are offered theirs then, and none a wrong one."""
MORE = 4
"""Words beside the wish for a person that are worth keeping as a description."""


# --- who asks for a person -------------------------------------------------------------------


def way(scene: Scene) -> Outcome | None:
    """Offers what is documented for when this step does not work; None where nothing is, or where
    it was offered or taken already.

    A question is no step that did not work: who does not know the answer is offered nothing.
    """
    walk = scene.walk
    if walk is None or _insists(scene) or named(walk.at) in scene.progress.tried:
        return None
    match scene.step:
        case Do(if_stuck=step) | End(if_not=step) if step:
            rest = walking.go(walk, step, scene.library, scene.facts)
        case _:
            return None
    if rest.want or (isinstance(rest.step, End) and rest.step.how == "hand over"):
        return None  # that way leads to a person as well, or may do so
    first = Button(scene.words.buttons.try_it, "stuck", primary=True)
    # On the card of this step: later on, the button must not move another one.
    offer = Reply(scene.words.deflect.way, buttons=(first, _over(scene)), card=scene.progress.card)
    asking = Asking(kind="instead")
    return scene.trying(named(walk.at)).out("way first?", offer, asking=asking)


def meant(act: Act | None, scene: Scene) -> Act | None:
    """What a yes or no to such an offer means; None for all else, which is read on."""
    asking = scene.progress.asking
    if asking is None or asking.kind != "instead":
        return None
    if act in {"hand over", "no", "none"}:
        return WISH
    return "stuck" if act == "yes" and not asking.topics else None


def besides(text: str, scene: Scene) -> str:
    """What a text says beside its wish for a person; empty where it has no such wish.

    A phrase of one word can mean much else, so that counts only where a person may be meant.
    """
    words = text.split()
    read = [plain(word.rstrip("?")) for word in words]  # a question mark means help elsewhere
    phrases = sorted((plain(p).split() for p in scene.library.phrases[WISH]), key=len, reverse=True)
    for phrase in phrases:
        place = _place(phrase, read)
        if place is not None and (len(phrase) > 1 or _may_be_wish(text, scene)):
            return " ".join(words[:place] + words[place + len(phrase) :])
    return ""


def keeping(rest: str, found: Topic | None, scene: Scene) -> Scene:
    """The same, with what they said kept as a description, where it is more than the wish, and the
    wish is what it is likeliest: else it describes no case.

    What they have typed into a form stays as it is there.
    """
    guesses = scene.understander.understand(scene.said).guesses[:1]
    is_wish = found or any(guess.topic == WISH for guess in guesses)
    before = scene.progress.draft or Draft(title="", text="", shown=False)
    if len(rest.split()) < MORE or not is_wish or (before.shown and before.typed):
        return scene
    title = scene.words.case.untitled
    said = without_secrets(scene.said).strip()  # nobody wrote it as a description
    draft = Draft(title=title, text=said, typed=("text",), shown=False, alone=before.alone)
    return scene.but(draft=draft)


def topic(found: Topic, scene: Scene) -> Outcome | None:
    """Offers a topic to who asks for a person; None where they know of it, or insist."""
    if _insists(scene) or _is_known(found, scene):
        return None
    begin = fill(scene.words.buttons.begin, {"title": found.title})
    first = Button(begin, found.title, primary=True)
    offer = Reply(_told(scene.words.deflect.topic, found), buttons=(first, _over(scene)))
    asking = Asking(kind="instead", topics=(found.topic,), about=masked(scene.said))
    if (draft := scene.progress.draft) and not draft.shown:
        about = {"topic": found.topic, "title": found.title}
        scene = scene.but(draft=draft.model_copy(update=about))
    return scene.trying(found.topic).out("topic first?", offer, asking=asking)


def sure(text: str, scene: Scene) -> Topic | None:
    """The topic that a text is about beyond doubt; None where there is doubt: a wrong suggestion is
    worse than none."""
    understanding = scene.understander.understand(text)
    if understanding.decision != "answer" or understanding.guesses[0].score < SURE:
        return None
    return scene.library.topic(understanding.guesses[0].topic)


# --- who sends a case ------------------------------------------------------------------------


def before_sending(draft: Draft, scene: Scene) -> Outcome | None:
    """Offers the topic that their own words are about, before a case is sent; None where it is the
    case's own, known to them, or not sure."""
    if scene.asked("before sending"):
        return None
    texts = {"text": draft.text, "title": draft.title}
    found = {t.topic: t for name in draft.typed if (t := sure(texts[name], scene))}
    topics = [t for t in found.values() if t.topic != draft.topic and not _is_known(t, scene)]
    if len(found) != 1 or not topics:
        return None
    labels, [other] = scene.words.buttons, topics
    show = Button(labels.show_first, other.title)
    send = Button(labels.send_as_it_is, "hand over", primary=True)
    offer = Reply(_told(scene.words.deflect.before_sending, other), buttons=(show, send))
    asking = Asking(kind="before sending", topics=(other.topic,))
    return scene.trying(other.topic).out("topic first?", offer, asking=asking, draft=draft)


def named(place: Place) -> str:
    """A step as `Progress.tried` names it."""
    return f"{place.procedure}/{place.step}"


def _insists(scene: Scene) -> bool:
    """Whether they were offered something, or the form, and want a person all the same; an agent
    knows what is documented."""
    asking = scene.progress.asking
    offered = asking is not None and asking.kind in {"instead", "before sending", "case"}
    return offered or scene.facts.agent


def _is_known(found: Topic, scene: Scene) -> bool:
    under_way = scene.walk is not None and scene.walk.topic == found.topic
    return under_way or found.topic in scene.progress.tried or scene.facts.agent


def _told(sentence: str, found: Topic) -> str:
    return fill(sentence, {"title": found.title, "in a word": found.in_a_word})


def _over(scene: Scene) -> Button:
    """Who has seen the offer and says that wants a person; where there is no desk, nothing is
    handed over."""
    labels = scene.words.buttons
    return Button(labels.hand_over if scene.desk else labels.person, PERSON)


def _place(phrase: Sequence[str], words: Sequence[str]) -> int | None:
    """Where these words stand one after the other among others."""
    size = len(phrase)
    places = range(len(words) - size + 1)
    return next((p for p in places if words[p : p + size] == phrase), None)


def _may_be_wish(text: str, scene: Scene) -> bool:
    guesses = scene.understander.understand(text).guesses
    return any(guess.topic == WISH and guess.score >= LEAST for guess in guesses)
