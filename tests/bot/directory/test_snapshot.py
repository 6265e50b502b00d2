"""Exports as PowerShell writes them, and what is said of those that cannot be used."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.directory.deployment import load
from bot.directory.facts import Account
from bot.directory.powershell import SnapshotError
from bot.directory.snapshot import LOOK_EVERY, Snapshot
from bot.directory.source import Unreadable
from bot.directory.verdict import judge
from tests.bot.directory.conftest import SAMPLE, USERS, write
from tests.fakes import NOON, Clock

ADDRESS = "lync.user@fabrikam.com"
HEAD = USERS.splitlines()[0]
JSON = '{"SipAddress": "sip:%s", "Enabled": true, "RegistrarPool": null, "HostingProvider": "SRV:",\n "ExternalAccessPolicy": "Own"}'  # noqa: E501
MADE = Account(ADDRESS, enabled=True, pool="", home="on premises", policy="Own")


def only(folder: Path) -> Account:
    """The one account of the one deployment."""
    (deployment,) = load(folder)
    (account,) = deployment.users.values()
    return account


# --- what PowerShell writes ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}\n"sip:{ADDRESS}","True","","SRV:","Own"\n',
        f'#TYPE Selected.User\r\n{HEAD}\r\n"sip:{ADDRESS}","TRUE","","SRV:","Own"\r\n',
        f'{HEAD},"Notes"\nsip:{ADDRESS.upper()},true,,SRV:,Tag:Own,"two\nlines"\n\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_as_it_is_exported(tmp_path: Path, text: str, encoding: str) -> None:
    write(tmp_path, "Get-CsUser.csv", text.encode(encoding))

    assert only(tmp_path) == MADE


@pytest.mark.parametrize("text", [JSON, f"[{JSON}]", f"\n [\n{JSON}\n]\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_as_it_is_exported(tmp_path: Path, text: str, encoding: str) -> None:
    write(tmp_path, "Get-CsUser.json", (text % ADDRESS).encode(encoding))

    assert only(tmp_path) == MADE


def test_what_was_not_exported_is_unknown(folder: Path) -> None:
    (deployment,) = load(folder)

    assert all(
        getattr(deployment.organisation, name) is None
        for name in ("federation", "default_routing", "policies", "sites", "providers", "routes",
                     "tenant_public", "tenant_provider")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("Get-CsAccessEdgeConfiguration", "AllowFederatedUsers,RoutingMethod\nTrue,",
         "default_routing", None),
        ("Get-CsAccessEdgeConfiguration", "AllowFederatedUsers,RoutingMethod\n,x",
         "federation", None),
        ("Get-CsTenantPublicProvider", "Provider,Status\nWindows Live,", "tenant_provider", None),
        ("Get-CsTenantPublicProvider", "Provider,Status\nAOL,Enabled", "tenant_provider", False),
        ("Get-CsPublicProvider", "Identity,ProxyFqdn,Enabled\n", "providers", ()),
        ("Get-CsPool", "Identity,Site\nPool,Site:Redmond\nother,", "sites",
         {"pool": "Redmond", "other": None}),
        ("Resolve-DnsName", ("Name,NameTarget\n_sipfederationtls._tcp.Fabrikam.com,a\n"
         "_sipfederationtls._tcp.fabrikam.com,b\n_sipfederationtls._tcp.contoso.com,"),
         "routes", {"fabrikam.com": ("a", "b"), "contoso.com": ()}),
    ],
)  # fmt: skip
def test_what_an_export_tells(
    folder: Path, name: str, text: str, field: str, value: object
) -> None:
    write(folder, f"{name}.csv", text)

    assert getattr(load(folder)[0].organisation, field) == value


# --- what cannot be used ---------------------------------------------------------------------

ROW = f'"sip:{ADDRESS}","True","pool","SRV:",""'
BROKEN: Mapping[str, tuple[str, str | bytes, int, str]] = {
    "flag": ("Get-CsUser.csv", USERS.replace("True", "maybe"), 2, "“Enabled” must be True or Fal"),
    "address": ("Get-CsUser.csv", USERS.replace("Lync.", "*"), 2, "“SipAddress” must be an addr"),
    "twice": ("Get-CsUser.csv", f"{USERS}\n{ROW}\n", 4, "This address stands in a line above, too"),
    "column": ("Get-CsUser.csv", USERS.replace("Enabled", "Enable"), 2,
               "“Enabled” is missing. Did you mean “Enable”?"),
    "column gone": ("Get-CsPool.csv", "Identity\npool\n", 2,
                    "“Site” is missing. Export it with Select-Object, Site among the prop"),
    "nobody": ("Get-CsUser.csv", f"{HEAD}\n", 1, "There is no user in it. Export it again."),
    "empty": ("Get-CsUser.csv", "", 1, "There is no user in it. Export it again."),
    "cells": ("Get-CsUser.csv", f'{HEAD}\n{ROW}\n"x","y"\n', 3,
              "This row has 2 values, and the first line names 5."),
    "cells behind types": ("Get-CsUser.csv", f'#TYPE x\n{HEAD}\n"x"\n', 3, "This row has 1 val"),
    "long cells": ("Get-CsPool.csv", 'Identity,Site\n"a\nb",c\nd\n', 4, "This row has 1 values"),
    "quote": ("Get-CsUser.csv", f'{HEAD}\n"sip:x"y,1\n', 2, "This is not CSV: "),
    "bytes": ("Get-CsUser.csv", HEAD.encode() + b"\n\xff\n", 2, "This line is neither UTF-8"),
    "json": ("Get-CsPool.json", '[{"Identity": "a", "Site": ""},\n{"Identity": }]', 2,
             "This is not JSON: Expecting value."),
    "json row": ("Get-CsPool.json", ('[{"Identity": "a", "Site": ""},\n\n{"Identity": 7,\n'
                 '"Site": ""}]'), 3, "“Identity” must be a text."),
    "no object": ("Get-CsPool.json", '[\n"pool"]', 2, "This is no object."),
    "no comma": ("Get-CsPool.json", '[{"Identity": "a", "Site": ""}\n{}]', 2, "A comma is missing"),
    "cut": ("Get-CsPool.json", '[{"Identity": "a", "Site": ""},\n', 2, "The file ends too early"),
    "goes on": ("Get-CsPool.json", '{"Identity": "a", "Site": ""}\n{}', 2, "The file ends too ear"),
    "misspelt": ("Get-CsPools.csv", "Identity,Site\n", 1,
                 "No export that is read has this name. Did you mean “Get-CsPool”?"),
    "no users": ("other/Get-CsPool.csv", "Identity,Site\n", 1,
                 "There is no Get-CsUser.csv or Get-CsUser.json beside it."),
    "two forms": ("Get-CsUser.json", "[]", 1, "There is a Get-CsUser.json, too."),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_mistake_is_named_with_its_file_and_line(folder: Path, broken: str) -> None:
    name, text, line, says = BROKEN[broken]
    write(folder, name, text)

    with pytest.raises(SnapshotError) as raised:
        load(folder)

    problem = raised.value.problems[0]
    told = name if broken != "two forms" else "Get-CsUser.csv"
    assert (problem.file, problem.line) == (f"{folder.name}/{told}", line)
    assert f"{problem.what} {problem.remedy}".startswith(says)
    assert ADDRESS not in str(raised.value).replace(f"such as sip:{ADDRESS}", "")


def test_a_folder_without_exports_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"There is no export Get-CsUser\.csv"):
        load(tmp_path / "missing")


def test_an_export_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "Get-CsPool.csv").mkdir()

    with pytest.raises(SnapshotError, match=r"Get-CsPool\.csv:1: It cannot be read: "):
        load(folder)


def test_a_user_of_two_deployments_is_refused(folder: Path) -> None:
    write(folder, "other/Get-CsUser.csv", f'{HEAD}\n"sip:a@b.example","True","","",""\n{ROW}\n')

    with pytest.raises(SnapshotError) as raised:
        load(folder)

    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == (f"{folder.name}/other/Get-CsUser.csv", 3)
    assert problem.what == "This address stands in the folder above, too."


# --- kept up to date -------------------------------------------------------------------------


async def test_an_answer_is_as_old_as_the_oldest_export(folder: Path) -> None:
    write(folder, "Get-CsPool.csv", "Identity,Site\npool,Redmond\n", later=-3600)

    known = await Snapshot(folder, Clock()).user(ADDRESS)

    assert (known.as_of, known.source) == (NOON - timedelta(hours=1), "snapshot")
    assert known.facts.found is True
    assert known.facts.today == NOON.date()


async def test_an_export_that_changes_is_read_again(folder: Path) -> None:
    snapshot = Snapshot(folder, Clock(), count().__next__)
    assert (await snapshot.user(ADDRESS)).facts.account.enabled is True

    write(folder, "Get-CsUser.csv", USERS.replace("True", "False"), later=1)

    assert (await snapshot.user(ADDRESS)).facts.account.enabled is False
    assert (await snapshot.user("nobody@fabrikam.com")).facts.found is False


async def test_a_broken_export_makes_the_source_unreadable_until_it_is_mended(
    folder: Path,
) -> None:
    snapshot = Snapshot(folder, Clock(), count().__next__)
    await snapshot.user(ADDRESS)
    write(folder, "Get-CsUser.csv", USERS.replace("True", "maybe"), later=1)

    for _ in range(2):
        with pytest.raises(Unreadable, match=r"Get-CsUser\.csv:2: “Enabled” must be True or"):
            await snapshot.user(ADDRESS)
    write(folder, "Get-CsUser.csv", USERS, later=2)

    assert (await snapshot.user(ADDRESS)).facts.found is True


async def test_nothing_is_read_again_that_has_not_changed(folder: Path) -> None:
    snapshot = Snapshot(folder, Clock(), count().__next__)
    first = (await snapshot.user(ADDRESS)).facts.account

    assert (await snapshot.user(ADDRESS)).facts.account is first


async def test_the_folder_is_not_looked_at_for_every_question(folder: Path) -> None:
    now = [0.0]
    snapshot = Snapshot(folder, Clock(), lambda: now[0])
    await snapshot.user(ADDRESS)
    write(folder, "Get-CsUser.csv", USERS.replace("True", "False"), later=1)

    assert (await snapshot.user(ADDRESS)).facts.account.enabled is True
    now[0] = LOOK_EVERY
    assert (await snapshot.user(ADDRESS)).facts.account.enabled is False


async def test_what_needs_no_user_is_told_of_each_deployment() -> None:
    snapshot = Snapshot(SAMPLE, Clock())
    known = {one.deployment: judge(one.facts) for one in await snapshot.organisation()}

    assert len(known) == len(list(SAMPLE.glob("*/Get-CsUser.csv")))
    assert await snapshot.sip_domains() == ("fabrikam.com",)
