"""What was found out about an account, in words, where talks do not reach."""

from dialogs.findings import Findings
from dialogs.library import load
from dialogs.memory import AccountCheck
from dialogs.model import Finding
from tests.dialogs.talks import ROOT

LIBRARY = load(ROOT / "knowledge")
CHECK = AccountCheck(
    address="lync.user@fabrikam.com",
    enabled=True,
    verdict="enabled",
    at="2026-11-22T12:00:31+00:00",
    as_of="2026-11-20T12:00:31+00:00",
    source="snapshot",
    results=(("user_not_found", "pass"), ("a_check_of_tomorrow", "fail")),
)


def test_facts_of_another_day_are_told_with_their_day() -> None:
    told = Findings(LIBRARY, "2026-11-22").told(Finding("yes", CHECK), "yes")
    assert told.endswith("That is how it stood on 2026-11-20.")
    assert "stood" not in Findings(LIBRARY, "2026-11-20").told(Finding("yes", CHECK), "yes")
    assert "stood" not in Findings(LIBRARY).told(Finding("yes", CHECK), "yes")


def test_a_check_that_there_are_no_words_for_is_left_out() -> None:
    card = Findings(LIBRARY).card(CHECK)
    assert "Passed: The account exists" in card.text
    assert "tomorrow" not in card.text
    assert "External access policy" not in card.text
    assert card.buttons == ()
