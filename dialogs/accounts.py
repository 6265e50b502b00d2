"""What people want to know about accounts: agents of anybody's, everybody else of their own."""

from dataclasses import replace

from dialogs.answers import plain
from dialogs.findings import TOPIC, Findings
from dialogs.memory import AccountCheck
from dialogs.model import Found, Outcome, PicStatus
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.steps import Procedure
from dialogs.tidy import find_addresses, normalise

ADDRESS = "address"
"""Stands for the address in the phrases that ask about one."""
OWN = "check my account"
"""A phrase of the procedure, from which it hears that it is about the account of whoever asks."""


def wanted(text: str, scene: Scene) -> Outcome | None:
    """`check …` with one address; None for any other text."""
    found = find_addresses(text) if "@" in text else ()  # most messages have none
    if len(found) != 1:
        return None
    said = plain(" ".join(ADDRESS if "@" in word else word for word in text.split()))
    if said.rstrip("? ") not in {plain(phrase) for phrase in scene.library.phrases["check"]}:
        return None
    return of(normalise(found[0]), scene)


def of(address: str, scene: Scene) -> Outcome:
    """What somebody may know of an account.

    The refusal is the same whether there is such an account or not.
    """
    person, words = scene.facts.person, scene.words.account
    if scene.facts.agent:
        return _looked_up(PicStatus(address, by=person.address), scene)
    procedure = scene.library.procedures.get(TOPIC)
    if address.casefold() == person.address.casefold() and procedure:
        return _own(procedure, scene)
    asked = PicStatus(address, by=person.address or person.id)
    return replace(scene.beside("check refused", Reply(words.refused)), refused=asked)


def late(found: Found, scene: Scene) -> Outcome:
    """An answer that came after the conversation had gone on: told where it changes anything.

    Whoever asked twice meanwhile hears it once. An agent asked for it, so they hear whatever came.
    """
    ((want, finding),) = found.items()
    if not isinstance(want, PicStatus):
        return scene.silent("late")  # their cases, which they were told to ask for again
    findings, account = Findings(scene.library, scene.day), finding.account
    if want.by:
        looked_up = findings.card(account) if account else Reply(scene.words.account.unreadable)
        return scene.beside("late check", looked_up)
    if account is None or account.verdict == "unknown" or account == scene.progress.account:
        return scene.silent("late check")
    scene = scene.but(account=account)
    if account.verdict == "enabled" and scene.walk and scene.walk.topic != TOPIC:
        return scene.silent("late check")
    told = findings.told(finding, finding.outcome)
    return scene.beside("late check", Reply(told, buttons=_what_to_do(account, scene)))


def _looked_up(want: PicStatus, scene: Scene) -> Outcome:
    """An agent's question, answered with all that was found."""
    finding = scene.facts.found.get(want)
    if finding is None:
        return Outcome(scene.progress, wants=(want,))
    words = scene.words.account
    if finding.account is None:
        why = words.late_other if finding.late else words.unreadable
        if finding.too_often:
            why = words.too_often
        return scene.aside("check", Reply(words.no_address if finding.refused else why))
    return scene.aside("check", Findings(scene.library, scene.day).card(finding.account))


def _what_to_do(account: AccountCheck, scene: Scene) -> tuple[Button, ...]:
    topic = scene.library.topic(TOPIC)
    return (Button(topic.title, OWN),) if topic and account.enabled is False else ()


def _own(procedure: Procedure, scene: Scene) -> Outcome:
    """A person's own account: the procedure, which need not ask whose it is."""
    return replace(scene, said=OWN).begin(procedure, "", TOPIC)
