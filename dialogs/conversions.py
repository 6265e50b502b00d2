"""Addresses that a person wants converted or turned back, wherever they stand."""

import re
from collections.abc import Sequence

from dialogs import addresses
from dialogs.answers import following
from dialogs.memory import Asking
from dialogs.model import Outcome
from dialogs.questions import reason
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill
from dialogs.tidy import find_addresses

MANY = 20
"""How many addresses are converted at a time: more would be longer than channels carry."""

_BETWEEN = re.compile("[,;]+")


def wanted(text: str, scene: Scene) -> Outcome | None:
    """`convert …` and `convert back …`; None where a text begins with neither."""
    for back, phrases in (
        (True, scene.library.phrases["convert back"]),
        (False, scene.library.phrases["convert"]),
    ):
        rest = following(text, phrases)
        if rest is not None:
            found = _addresses(rest)
            return converted(found, scene, back=back) if found else _which(scene, back=back)
    return None


def answered(text: str, scene: Scene) -> Outcome | None:
    """The addresses that were asked for; None where there are none in a text."""
    found = find_addresses(text)
    back = scene.asked("which address back")
    if found and (back or scene.asked("which address")):
        return converted(found, scene, back=back)
    return None


def converted(found: Sequence[str], scene: Scene, *, back: bool = False) -> Outcome:
    """What becomes of each address; for a single one, what could be done with it next."""
    convert = addresses.revert if back else addresses.convert
    conversions = [convert(address, scene.facts.rules) for address in found[:MANY]]
    sentences = [reason(conversion, scene.facts) for conversion in conversions]
    results = "\n".join(c.address for c in conversions if c.address)
    if len(sentences) > 1:
        return scene.aside("convert", *_too_many(found, scene), _listed(sentences, results))
    reply = Reply(sentences[0], copy=results)
    if back or not results or scene.walk:
        return scene.aside("convert", reply)
    return scene.out("convert", reply, _what_next(found[0], scene))


def one_at_a_time(found: Sequence[str], scene: Scene) -> tuple[Reply, ...]:
    """Says which of several addresses a procedure begins with."""
    if len(found) < 2:
        return ()
    return (Reply(fill(scene.words.several_addresses, {"address": found[0]})),)


def _which(scene: Scene, *, back: bool) -> Outcome:
    words = scene.words.convert
    if back:
        asking = Asking(kind="which address back")
        return scene.out("convert back", Reply(words.ask_back), asking=asking)
    return scene.out("convert", Reply(words.ask), asking=Asking(kind="which address"))


def _addresses(text: str) -> tuple[str, ...]:
    """What stands behind `convert`: addresses, and what is meant to be some, to be refused."""
    parts = [part.strip() for part in _BETWEEN.split(text)]
    return tuple(dict.fromkeys(found for part in parts for found in _in_part(part)))


def _in_part(part: str) -> tuple[str, ...]:
    """A single word whatever it is; of several words those that look like an address."""
    words = part.split()
    if len(words) == 1:
        return find_addresses(part) or (part,)
    return tuple(found for word in words for found in find_addresses(word) or _look_alike(word))


def _look_alike(word: str) -> tuple[str, ...]:
    return (word,) if {"@", ":"} & set(word) else ()


def _too_many(found: Sequence[str], scene: Scene) -> tuple[Reply, ...]:
    if len(found) <= MANY:
        return ()
    return (Reply(fill(scene.words.convert.many, {"limit": str(MANY)})),)


def _listed(sentences: Sequence[str], results: str) -> Reply:
    return Reply("\n".join(f"- {sentence}" for sentence in sentences), copy=results)


def _what_next(address: str, scene: Scene) -> Reply:
    """Offers to add the person whose address was converted."""
    labels = scene.words.buttons
    ways = (("add-skype-contact", labels.add_to_lync), ("add-lync-contact", labels.add_to_skype))
    known = ((scene.library.topic(topic), label) for topic, label in ways)
    buttons = tuple(Button(label, f"{topic.title} {address}") for topic, label in known if topic)
    return Reply(scene.words.convert.add, buttons=buttons)
