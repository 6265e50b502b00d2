"""What a person needs to know at hand-over."""

from collections.abc import Iterator

from dialogs import walk as walking
from dialogs.findings import Findings
from dialogs.library import Library
from dialogs.memory import AccountCheck, Draft, Walk
from dialogs.questions import ENABLED, Facts, values
from dialogs.sentences import fill, unmarked
from dialogs.steps import Ask, Choose, Do


def summary(
    because: str,
    walk: Walk | None,
    library: Library,
    facts: Facts,
    account: AccountCheck | None = None,
) -> str:
    """A case as plain text of a few lines, ready to be copied.

    Says what the problem is, who has it, how their account stands, what they answered, what they
    did and where they stood.
    """
    problem = fill(library.words.hand_over.case.problem, {"because": because})
    return "\n".join([problem, *_details(walk, library, facts, account)])


def draft(
    because: str, walk: Walk | None, library: Library, facts: Facts, account: AccountCheck | None
) -> Draft:
    """The same as a case that can be handed over, its title and text as far as they are known."""
    words = library.words.case
    title = library.procedures[walk.topic].title if walk else words.untitled
    details = tuple(_details(walk, library, facts, account))
    return Draft(
        title=title,
        text=because,
        topic=walk.topic if walk else "",
        verdict=account.verdict if account else "",
        details=details,
    )


def keeping(new: Draft, before: Draft | None, *, over: bool) -> Draft:
    """A new draft with what its person has typed already, so that they need not type it again, and
    without the conversation where they have left it out.

    Where their procedure is `over`, why it ended is added to their words.
    """
    if before is None:
        return new
    new = new.model_copy(update={"alone": before.alone})
    if not before.typed:
        return new
    kept: dict[str, str] = {name: getattr(before, name) for name in before.typed}
    if over and "text" in kept and new.text not in kept["text"]:
        kept["text"] = f"{kept['text']}\n\n{new.text}"
    about: dict[str, str] = {} if new.topic else {"topic": before.topic, "title": before.title}
    update = {**about, **kept, "typed": before.typed}
    return new.model_copy(update=update)


def _details(
    walk: Walk | None, library: Library, facts: Facts, account: AccountCheck | None
) -> Iterator[str]:
    words = library.words.hand_over.case
    if who := facts.person.address or facts.person.name:
        yield fill(words.who, {"who": who})
    if account:
        yield Findings(library).noted(account)
    if walk is None:
        yield words.no_procedure
    else:
        yield from _way(walk, library, facts, checked=bool(account) or facts.on_skype)


def _way(walk: Walk, library: Library, facts: Facts, *, checked: bool) -> Iterator[str]:
    """The answers and the steps; where the account was `checked`, that is told already,
    and nobody on Skype has one."""
    words = library.words.hand_over.case
    yield fill(words.procedure, {"title": library.procedures[walk.topic].title})
    for question, name in library.words.answers.items():
        if question == ENABLED and checked:
            continue
        if answer := walk.answers.get(question):
            shown = library.words.answers.get(answer, answer)
            yield fill(words.answer, {"question": name, "answer": shown})
    for asked in reversed(walking.answered(walk, library)):
        if isinstance(asked, Choose):
            said = {"question": walking.named(asked), "answer": walk.answers[asked.name]}
            yield fill(words.answer, said)
    known = values(facts, walk.answers)
    if known.get("lync address", "") != walk.answers.get("contact address", ""):
        yield fill(words.typed, {"address": known["lync address"]})
    done = [step.name for step in walking.passed(walk, library)]
    yield fill(words.steps, {"steps": ", ".join(done)}) if done else words.no_steps
    step = library.step(walk.at)
    if isinstance(step, Do | Ask | Choose):
        yield fill(words.stood, {"step": fill(unmarked(step.text), known)})
