"""What a desk has to tell of a case, in its person's own conversation."""

from dialogs.case_card import OPEN, OVER, link, works
from dialogs.memory import Asking
from dialogs.model import CaseNews, CaseShown, Outcome
from dialogs.reply import Button, Reply
from dialogs.scene import Scene
from dialogs.sentences import fill

LONGEST_COMMENT = 2000
"""Characters of an agent's words that are shown; the ticket has all of them."""
CUT = "…"


def told(news: CaseNews, scene: Scene) -> Outcome:
    """Tells it, without a word about what is under way: what was asked stays asked."""
    replies = [_comment(news, scene)] if news.comment else []
    if news.moved:
        replies.append(_state(news.case, scene))
    asking = scene.progress.asking
    if news.moved and news.case.state == "resolved" and not asking and not scene.walk:
        asking = Asking(kind="resolved", case=news.case.id)
    return scene.out("case news", *replies, asking=asking)


def _comment(news: CaseNews, scene: Scene) -> Reply:
    """An agent's words in a box of their own, where nothing is read as Markdown."""
    case, words, labels = news.case, scene.words.case, scene.words.buttons
    said = news.comment
    quoted = said if len(said) <= LONGEST_COMMENT else said[: LONGEST_COMMENT - 1] + CUT
    buttons: tuple[Button, ...] = ()
    if case.state in OPEN and not (news.moved and case.state == "waiting"):  # its card has it
        buttons = (Button(labels.answer, f"add a note {case.id}"),)
    elif case.state in OVER and not news.moved:
        buttons = (Button(labels.reopen, f"reopen {case.id}"),)
    text = fill(words.comment, {"case": case.id})
    return Reply(text, copy=quoted, buttons=buttons, link=link(case, scene))


def _state(case: CaseShown, scene: Scene) -> Reply:
    """How a case stands now; of one that is resolved its person says whether it is."""
    words, labels = scene.words.case, scene.words.buttons
    said = words.news.get(case.state, words.news["submitted"])
    buttons: tuple[Button, ...] = ()
    if case.state == "waiting":
        buttons = (Button(labels.answer, f"add a note {case.id}", primary=True),)
    if case.state == "resolved":
        buttons = works(case, scene)
    named = {"case": case.id, "ticket": case.ticket}
    return Reply(fill(said, named), buttons=buttons, link=link(case, scene))
