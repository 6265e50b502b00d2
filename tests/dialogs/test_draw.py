"""The flow of a procedure as Mermaid text."""

import re
from pathlib import Path

import pytest

from dialogs.draw import LONGEST, escaped, flowchart, shortened
from dialogs.flow import ways
from dialogs.library import load
from tests.dialogs.sample import FILES, REAL, TEA, loaded

LIBRARY = load(REAL)
TITLES = {procedure.topic: procedure.title for procedure in LIBRARY.procedures.values()}
NODE = re.compile(r'    n\d+(\(|\[|\[/|\{\{|\[\[|\(\[|>)"[^"`\[\]{}]*"(\)|\]|/\]|\}\}|\]\]|\]\))')
EDGE = re.compile(r'    n\d+ (-->|-\.->)(\|"[^"`\[\]{}|]*"\|)? n\d+')

DRAWN = """\
flowchart TD
    accTitle: Make tea
    n1{{"<b>leaves</b><br>Is there any tea?"}}
    n2[/"<b>contact address</b><br>Who is it for? For example, bob#64;contoso.com."/]
    n3[["<b>domain</b><br>lync address?"]]
    n4("<b>warm</b><br>Warm the cup of #123;contact address#125; first.")
    n5["<b>boil</b><br>Boil water.<br>#123;lync address#125;"]
    n6(["<b>finished</b><br>done"])
    n7>"<b>something else</b><br>→ Make coffee<br>beans"]
    n8(["<b>no tea</b><br>hand over<br>There is no tea."])
    n1 -->|"There is"| n2
    n1 -->|"There is none"| n8
    n2 --> n3
    n2 -.->|"if stuck"| n8
    n3 -->|"converted"| n4
    n3 -->|"ordinary"| n5
    n3 -->|"already"| n5
    n3 -->|"own domain"| n5
    n4 --> n5
    n5 --> n6
    n6 -.->|"if not"| n7
"""


def test_every_step_is_a_node_and_every_way_an_edge(tmp_path: Path) -> None:
    library = loaded(tmp_path)
    assert flowchart(library.procedures["tea"], {"coffee": "Make coffee"}) == DRAWN


def test_an_option_may_be_called_next(tmp_path: Path) -> None:
    library = loaded(tmp_path, {TEA: FILES[TEA].replace("There is: contact", "next: contact")})
    drawn = flowchart(library.procedures["tea"], {"coffee": "Make coffee"})
    assert 'n1 -->|"next"| n2' in drawn


@pytest.mark.parametrize("topic", sorted(LIBRARY.procedures))
def test_nothing_in_the_knowledge_breaks_a_drawing(topic: str) -> None:
    procedure = LIBRARY.procedures[topic]
    head, title, *lines = flowchart(procedure, TITLES).splitlines()
    nodes = [line for line in lines if NODE.fullmatch(line)]
    edges = [line for line in lines if EDGE.fullmatch(line)]
    assert (head, title.partition(":")[0]) == ("flowchart TD", "    accTitle")
    assert len(nodes) == len(procedure.steps)
    assert len(edges) == sum(len(ways(step)) for step in procedure.steps.values())
    assert nodes + edges == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain (really), isn't it? – yes", "plain (really), isn't it? – yes"),
        ('a "b" [c] {d} #e; `f` <g> & |h|', None),
        ("1. a list", "1#46; a list"),
        ("- a list", "#45; a list"),
        ("_no_ *emphasis*", "#95;no#95; #42;emphasis#42;"),
        ("%%{init}%%", "#37;#37;#123;init#125;#37;#37;"),
    ],
)
def test_marks_are_shown_as_they_stand(text: str, shown: str | None) -> None:
    written = escaped(text)
    assert written == shown or shown is None
    assert not set(re.sub(r"#\d+;", "", written)) & set('"[]{}#;`<>&|')
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), written) == text


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shortened("**Click**\n`Call`.") == "Click Call."
    cut = shortened("word, " * 30)
    assert len(cut) <= LONGEST + 2
    assert cut.endswith("word …")
