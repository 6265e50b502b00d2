"""Who may import whom (the architecture's rules), and where no sentence for users may stand.

Nothing is imported here: what modules say is read from their syntax trees.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ORDER = [
    "converse", "wishes", "accounts", "case_news", "cases", "case_edit", "hand_over",
    "own_cases", "case_card", "enclosure", "conversions", "changes", "acts", "deflect",
    "follow_ups", "scene", "replies", "wording", "case", "walk", "transcript", "redaction",
    "secret_patterns", "training", "understand", "classifier", "features", "repair", "coverage",
    "findings", "draw", "library", "reading", "check", "flow", "verdicts", "lexicon",
    "pictures", "schema", "tokens", "questions", "case_ids", "answers", "particulars", "words",
    "case_words", "sentences", "document", "addresses", "mask", "tidy", "steps", "model",
    "memory", "reply",
]  # fmt: skip
"""The modules of dialogs/; each may import those to its right."""

APART = ["channels", "directory", "desk", "helpdesk", "pages", "drawing"]
"""The packages of bot/ that know nothing of each other."""

JOINS = {"bot.__main__", "bot.admin", "bot.app", "bot.authoring", "bot.casework", "bot.commands",
         "bot.desks", "bot.directories", "bot.doctor", "bot.illustrate",
         "bot.webhooks"}  # fmt: skip
"""Who may know the whole program."""

OUTSIDE = {"botbuilder", "botframework", "msrest", "aiohttp", "sqlalchemy", "alembic", "asyncio",
           "socket", "http", "urllib", "requests", "subprocess", "threading", "sqlite3", "os",
           "time", "datetime", "random", "secrets", "uuid", "logging"}  # fmt: skip
"""What the pure core has no use for: the network, the disk, the clock, chance."""


def name_of(path: Path) -> str:
    """bot/channels/render.py → bot.channels.render"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Mapping[str, ast.Module] = {
    name_of(path): ast.parse(path.read_text(encoding="utf-8"))
    for package in ("bot", "dialogs")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(module: str) -> set[str]:
    """What a module imports, wherever in it; `from a import b` is a.b where that is a module."""
    names = set()
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            assert node.module
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (inner & set(MODULES)) or {node.module}
    return names


def under(package: str) -> list[str]:
    """A package's modules."""
    return [name for name in MODULES if name == package or name.startswith(f"{package}.")]


def top(name: str, depth: int = 1) -> str:
    """The first parts of a dotted name."""
    return ".".join(name.split(".")[:depth])


# --- the pure core ---------------------------------------------------------------------------


def test_the_core_imports_nothing_of_the_world() -> None:
    for module in under("dialogs"):
        world = {name for name in imported(module) if top(name) in OUTSIDE | {"bot"}}
        assert not world, f"{module} imports {world}"


def test_the_core_reads_no_clock() -> None:
    for module in under("dialogs"):
        read = {node.attr for node in ast.walk(MODULES[module]) if isinstance(node, ast.Attribute)}
        assert not read & {"now", "today", "utcnow", "monotonic", "perf_counter"}, module


def test_the_core_has_one_order() -> None:
    assert sorted(under("dialogs")) == sorted(["dialogs", *(f"dialogs.{name}" for name in ORDER)])
    place = {f"dialogs.{name}": number for number, name in enumerate(ORDER)}
    for module, own in place.items():
        for name in imported(module) & set(place):
            assert place[name] > own, f"{module} may not import {name}"


def test_nothing_of_ours_is_imported_in_a_circle() -> None:
    ours = {module: imported(module) & set(MODULES) for module in MODULES}
    while leaves := {module for module, names in ours.items() if not names & set(ours)}:
        ours = {module: names for module, names in ours.items() if module not in leaves}
    assert not ours, f"a circle among {sorted(ours)}"


def test_the_vocabulary_stands_on_nothing_else_of_ours() -> None:
    apart = {"dialogs.memory", "dialogs.reply"}
    assert not any(imported(module) & set(MODULES) for module in apart)
    assert imported("dialogs.model") & set(MODULES) == apart


# --- the world -------------------------------------------------------------------------------


def test_botbuilder_is_known_under_channels_only() -> None:
    who = {module for module in MODULES for name in imported(module) if top(name) == "botbuilder"}
    assert who
    assert who <= set(under("bot.channels"))


@pytest.mark.parametrize("package", APART)
def test_packages_that_know_nothing_of_each_other(package: str) -> None:
    others = {f"bot.{other}" for other in APART if other != package}
    for module in under(f"bot.{package}"):
        known = {name for name in imported(module) if top(name, 2) in others}
        assert not known, f"{module} imports {known}"


def test_desks_stand_on_little() -> None:
    known = {
        "bot.desk",
        "bot.storage",
        "bot.timers",
        "bot.settings",
        "bot.environment",
        "bot.web",
        "bot.outbound",
    }
    for module in under("bot.desk"):
        ours = {name for name in imported(module) & set(MODULES) if top(name) == "bot"}
        assert {top(name, 2) for name in ours} <= known, module


def test_a_turn_stands_on_the_core_and_the_store() -> None:
    ours = imported("bot.turn") & set(MODULES)
    assert ours
    assert {top(name, 1 if name.startswith("dialogs") else 2) for name in ours} == {
        "dialogs",
        "bot.storage",
    }


def test_the_store_knows_nothing_of_what_it_keeps() -> None:
    for module in under("bot.storage"):
        ours = imported(module) & set(MODULES)
        assert {top(name, 2) for name in ours} <= {"bot.storage"}, module


def test_nobody_but_the_command_line_knows_the_whole_program() -> None:
    assert {module for module in MODULES if "bot.app" in imported(module)} <= JOINS - {"bot.app"}
    for module in set(MODULES) - JOINS:
        assert not imported(module) & JOINS, module


def test_the_rules_know_every_package() -> None:
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert packages <= {*APART, "storage"}


def test_nothing_that_serves_stands_on_scikit_learn() -> None:
    learning = {"sklearn", "scipy", "threadpoolctl"}
    who = {module for module in MODULES for name in imported(module) if top(name) in learning}
    assert who == {"dialogs.training"}
    assert {module for module in MODULES if "dialogs.training" in imported(module)} == {
        "bot.models"
    }
    loaded = "import sys, bot.__main__; print(*sys.modules)"
    command = [sys.executable, "-c", loaded]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert not learning & set(done.stdout.split())


def test_who_does_not_ask_dns_never_loads_dnspython() -> None:
    who = {module for module in MODULES for name in imported(module) if top(name) == "dns"}
    assert who == {"bot.directory.srv"}
    loaded = "import sys, bot.__main__; print('dns' in sys.modules)"
    command = [sys.executable, "-c", loaded]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_only_who_asks_a_lync_server_pays_for_remoting() -> None:
    remoting = {"pypsrp", "requests", "spnego"}
    who = {module for module in MODULES for name in imported(module) if top(name) in remoting}
    assert who == {"bot.directory.objects", "bot.directory.shell"}
    loaded = "import sys, bot.__main__, bot.directory.server; print(*sys.modules)"
    command = [sys.executable, "-c", loaded]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"pypsrp", "spnego"} & set(done.stdout.split())


# --- nothing happens at import ---------------------------------------------------------------

WATCH = """
import importlib, json, os, sys
done = []

def note(event, details):
    if event.startswith(("socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect",
                         "subprocess.", "os.mkdir", "os.link", "os.rename", "os.remove")):
        done.append([event, repr(details)])
    if event == "open" and isinstance(details[0], str):
        path, mode = os.path.realpath(details[0]), details[1] or ""
        ours = path.startswith(sys.argv[1] + os.sep) and not path.startswith(sys.prefix)
        if ours and not path.endswith((".py", ".pyc")) or set(mode) & set("wax+"):
            done.append([event, path])

sys.dont_write_bytecode = True
names, others = map(json.loads, sys.argv[2:])
for name in others:
    importlib.import_module(name)  # what other libraries do at import is not ours to judge
sys.addaudithook(note)
for name in names:
    importlib.import_module(name)
print(json.dumps(done))
"""


def test_nothing_is_read_written_or_connected_at_import() -> None:
    names = sorted(set(MODULES) - {"bot.__main__"} - set(under("bot.storage.migrations")))
    others = sorted({name for module in names for name in imported(module)} - set(MODULES))
    command = [sys.executable, "-c", WATCH, str(ROOT), json.dumps(names), json.dumps(others)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == []


# --- no sentence for users -------------------------------------------------------------------

WORD = re.compile(r"""[“"'(*]*[^\W\d_]['’\w-]*[”"',;:.?!)*]*""")
"""A word with what stands around it, as nothing in a pattern or a path looks."""

FOR_OTHERS = {"Problem", "problem", "BadRequest", "suggest", "debug", "info", "warning", "error",
              "exception"}  # fmt: skip
"""Calls whose sentences are for authors of knowledge, senders of requests, and operators."""


def called(call: ast.Call) -> str:
    """The last part of a function's name."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def is_for_others(node: ast.AST) -> bool:
    """A docstring, what is raised, a call of FOR_OTHERS, or a function that finds Problems."""
    match node:
        case ast.FunctionDef(name=name, returns=returns):
            return name in FOR_OTHERS or bool(returns and "Problem" in ast.unparse(returns))
        case ast.Call():
            return called(node) in FOR_OTHERS
        case ast.Expr(value=ast.Constant()) | ast.Raise():
            return True
    return False


def for_others(tree: ast.AST) -> Iterator[ast.AST]:
    """All parts that are for others than users; what they name in their function is, too."""
    yield from (node for node in ast.walk(tree) if is_for_others(node))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parts = [node for node in ast.walk(function) if is_for_others(node)]
        named = {n.id for part in parts for n in ast.walk(part) if isinstance(n, ast.Name)}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in named:
                yield node


def texts(tree: ast.AST) -> Iterator[ast.expr]:
    """Every text in a program; one with values in it counts as a whole."""
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(piece) for whole in joined for piece in whole.values}
    yield from joined
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from () if id(node) in pieces else (node,)


def words_of(node: ast.expr) -> str:
    """A text with … for the values in it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
    assert isinstance(node, ast.Constant)
    return str(node.value)


def sentences(tree: ast.AST) -> list[str]:
    """What in a program reads like a sentence to a user."""
    others = {id(inner) for node in for_others(tree) for inner in ast.walk(node)}
    found = (words_of(node) for node in texts(tree) if id(node) not in others)
    return [text for text in found if is_sentence(text)]


def is_sentence(text: str) -> bool:
    """Three words or more, and a mark that ends them."""
    words = [piece for piece in text.split() if WORD.fullmatch(piece)]
    return len(words) >= 3 and text.rstrip().endswith((".", "?", "!"))


@pytest.mark.parametrize("module", [*under("dialogs"), *under("bot.channels")])
def test_no_sentence_for_users_stands_in_python(module: str) -> None:
    assert sentences(MODULES[module]) == []


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ('reply = Reply("Please try it again.")', ["Please try it again."]),
        ('reply = Reply(f"Hello {name}, how are you?")', ["Hello …, how are you?"]),
        ('def f():\n    "This tells its purpose."\n    return "All is well!"', ["All is well!"]),
        ('raise ValueError("This is for developers.")', []),
        ('log.warning("This is for operators only.")', []),
        ('def f():\n    why = "This is for senders."\n    raise BadRequest(why)', []),
        ('def f() -> Iterator[Problem]:\n    what = "This is for authors."', []),
        ('X = 1\n"""What stands below a name."""', []),
        ('pattern = r"(?<!x)[+(] a b (?:x|ext) ?"', []),
        ('name = "two words."', []),
    ],
)  # fmt: skip
def test_the_search_for_sentences_finds_them(program: str, found: list[str]) -> None:
    assert sentences(ast.parse(program)) == found
