"""What stands in the summary for the person who takes over; talks play the rest."""

from dialogs.case import summary
from dialogs.library import load
from dialogs.memory import Place, Walk
from dialogs.model import Person
from dialogs.questions import Facts
from tests.dialogs.talks import ROOT, RULES

LIBRARY = load(ROOT / "knowledge")
BECAUSE = "The Lync call does not work."


def told(person: Person, walk: Walk | None) -> list[str]:
    return summary(BECAUSE, walk, LIBRARY, Facts(person, RULES, LIBRARY.reasons)).splitlines()


def test_a_name_stands_for_an_address_that_is_not_known() -> None:
    assert told(Person("29:1x", "A Lync user"), None) == [
        f"Problem: {BECAUSE}",
        "From: A Lync user",
        "Procedure: none",
    ]


def test_nobody_is_named_who_is_not_known() -> None:
    assert told(Person("29:1x"), None) == [f"Problem: {BECAUSE}", "Procedure: none"]


def test_a_procedure_with_all_that_was_said_and_done() -> None:
    def place(step: str) -> Place:
        return Place(procedure="add-skype-contact", step=step)

    walk = Walk(
        topic="add-skype-contact",
        at=place("im address"),
        path=(
            place("contact address"),
            place("a step that is gone"),
            Place(procedure="add-skype-contact-custom-domain", step="where to add"),
            place("open the form"),
        ),
        answers={
            "contact address": "bob@contoso.com",
            "where to add": "Add a Contact icon",
            "am I enabled for skype contacts": "yes",
            "lync address": "converted",
        },
    )
    assert told(Person("u", "A Lync user", "lync.user@fabrikam.com"), walk) == [
        f"Problem: {BECAUSE}",
        "From: lync.user@fabrikam.com",
        "Procedure: Add a Skype contact to Lync",
        "Contact's address: bob@contoso.com",
        "Enabled for contacts on Skype: yes",
        "Where to add: Add a Contact icon",
        "Typed in Lync as: bob(contoso.com)@msn.com",
        "Steps done: contact address, where to add, open the form",
        "Stood at: In IM Address, type your contact's address exactly like this.",
    ]
