"""The conversation in a terminal."""

from io import StringIO

from bot.app import Program
from bot.channels.console import WIDTH, Console, Elsewhere, talk
from bot.storage.records import Reference
from dialogs.model import Person
from dialogs.reply import Reply
from tests.fakes import Chance, Directory

USER = Person("lync.user@fabrikam.com", "A Lync user", "lync.user@fabrikam.com")


async def said(program: Program, typed: str, chance: Chance | None = None) -> list[str]:
    """What stands in the terminal after somebody has typed these lines."""
    out = StringIO()
    turns = program.turns(lambda _: Console(out), Directory().find)
    await talk(USER, turns, StringIO(typed), chance or Chance())
    return out.getvalue().splitlines()


async def test_a_procedure_is_walked_line_by_line(program: Program) -> None:
    lines = await said(program, "custom domain\nbob@contoso.com\n2\ndone\n")

    assert lines[0].startswith("Hello.")
    assert "bob(contoso.com)@msn.com" in lines
    assert "Add the person who is found to a contact group." in lines


async def test_who_comes_back_is_where_they_were(program: Program) -> None:
    chance = Chance()
    await said(program, "custom domain\nbob@contoso.com\nFind someone box\n", chance)

    lines = await said(program, "continue", chance)

    assert lines[0].startswith("Welcome back.")
    assert lines.count("bob(contoso.com)@msn.com") == 2


async def test_lines_are_short_and_no_address_is_broken(program: Program) -> None:
    local_part = "bob." * 15 + "b"
    lines = await said(program, f"convert {local_part}@{'contoso.' * 8}com\n\n")

    assert f"{local_part}({'contoso.' * 8}com)@msn.com" in lines
    assert all(len(line) <= WIDTH for line in lines if " " in line)


async def test_an_empty_line_is_answered(program: Program) -> None:
    assert any("That message was empty" in line for line in await said(program, "\n"))


async def test_what_happens_while_the_terminal_is_closed_is_read_when_it_opens(
    program: Program,
) -> None:
    chance = Chance()
    await said(program, "", chance)
    serving = program.turns(lambda _: Elsewhere(StringIO()), Directory().find)
    assert await serving.tell(f"console/{USER.id}", "news-1", Reply("Your case is solved."))

    lines = await said(program, "", chance)

    assert lines[0] == "Your case is solved."
    assert "Your case is solved." not in await said(program, "", chance)


async def test_what_takes_long_is_said() -> None:
    out = StringIO()
    await Console(out).busy(
        "One moment.", Reference(channel="console", conversation="1", user_id="1")
    )

    assert out.getvalue() == "One moment.\n\n"
