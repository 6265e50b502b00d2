"""Where steps lead: every jump lands, every step is reached, every circle asks somebody."""

from pathlib import Path

import pytest

from tests.dialogs.sample import (
    COFFEE,
    FILES,
    TEA,
    loaded,
    mistake,
    only_problem,
    problems,
    written,
)


@pytest.mark.parametrize(
    ("file", "text", "at", "says"),
    [
        mistake(
            TEA,
            "if stuck: no tea",
            "if stuck: xyzzy",
            "if stuck:",
            "Step “contact address” goes to “xyzzy”, which is no step here. Use one of: leaves, "
            "contact address, domain, warm, boil, finished, something else, no tea.",
        ),
        mistake(
            TEA,
            "already: boil",
            "already: boyl",
            "then:",
            "Step “domain” goes to “boyl”, which is no step here. Did you mean “boil”?",
        ),
        mistake(
            COFFEE,
            "    do: Grind the beans.\n",
            "    do: Grind the beans.\n    if stuck: pause\n    next: enjoy\n"
            "  pause:\n    say: Take a breath.\n    next: pause\n",
            "pause:",
            "Step “pause” comes back to itself without asking the person anything. "
            "Put a do, ask or choose into the circle.",
        ),
    ],
)
def test_one_mistake(tmp_path: Path, file: str, text: str, at: str, says: str) -> None:
    assert only_problem(tmp_path, file, text, at) == says


def test_a_circle_through_two_procedures_is_found_in_each_of_its_steps(tmp_path: Path) -> None:
    """Two procedures that only go on in each other would never come to rest."""
    back = "  enjoy:\n    end: go on\n    procedure: tea\n    at: something else\n"
    changes = {
        TEA: FILES[TEA].replace("at: beans", "at: enjoy"),
        COFFEE: FILES[COFFEE].replace("  enjoy:\n    end: stop\n    say: Enjoy it.\n", back),
    }
    found = [(problem.file, problem.what) for problem in problems(written(tmp_path, changes))]
    what = "Step “{}” comes back to itself without asking the person anything."
    assert found == [(COFFEE, what.format("enjoy")), (TEA, what.format("something else"))]


def test_a_step_may_be_reached_from_another_procedure_alone(tmp_path: Path) -> None:
    milk = "say: Enjoy it.\n  milk:\n    do: Warm the milk.\n    next: enjoy\n"
    coffee = FILES[COFFEE].replace("say: Enjoy it.\n", milk)
    (problem,) = problems(written(tmp_path, {COFFEE: coffee}))
    assert problem.what == "No step leads to “milk”."
    loaded(tmp_path, {COFFEE: coffee, TEA: FILES[TEA].replace("at: beans", "at: milk")})
