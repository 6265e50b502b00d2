"""How verdicts are mended: every one has a fix and a topic, and the sentence fits the policy."""

from pathlib import Path

import pytest

from dialogs.library import load
from dialogs.verdicts import Fixed, Verdict
from tests.dialogs.sample import REAL, VERDICT, mistake, only_problem

ACTIVATION = "Microsoft has not activated the domain. Only Microsoft can tell why."
PROVISIONING = """
  check: Microsoft has activated the domain
  missing: Microsoft has not activated your organisation's domain.
  ask: Microsoft has not activated the SIP domain of the account. Please ask Microsoft why."""
TOLD = {"check": "It is warm", "missing": "It is cold.", "ask": "Please warm it.", "topic": "tea"}


@pytest.mark.parametrize(
    ("file", "text", "at", "says"),
    [
        mistake(
            VERDICT,
            "user_not_found:",
            f"brewing:{PROVISIONING}\n  fix: Wait.\n  topic: tea\nuser_not_found:",
            "brewing:",
            "“brewing” is not a verdict that is ever given.",
        ),
        mistake(VERDICT, ACTIVATION, "“{domain}”", "fix: “{domain}”", "“fix” names “{domain}”, wh"),
        mistake(
            VERDICT,
            f"ms_provisioning:{PROVISIONING}\n  fix: {ACTIVATION}\n  topic: tea\n",
            "",
            "user_not_found:",
            "“ms_provisioning” is missing. Add “ms_provisioning:” with its fix.",
        ),
        mistake(
            VERDICT,
            f"{ACTIVATION}\n  topic: tea",
            f"{ACTIVATION}\n  topic: teas",
            "topic: teas",
            "“teas” is not a topic. Did you mean “tea”?",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at).startswith(says)


def test_each_verdict_says_how_it_is_mended() -> None:
    assert set(load(REAL).fixes) == set(Verdict)


@pytest.mark.parametrize(
    ("scope", "says"), [("user", "one"), ("site", "here"), ("global", "all"), ("", "one")]
)
def test_the_sentence_fits_the_scope_of_the_policy(scope: str, says: str) -> None:
    written = {**TOLD, "fix": "one", "fix site": "here", "fix global": "all"}

    assert Fixed.model_validate(written).sentence(scope) == says


def test_without_a_sentence_of_its_own_a_scope_has_the_usual_one() -> None:
    fixed = Fixed.model_validate({**TOLD, "fix": "one"})

    assert fixed.sentence("global") == "one"
