"""What a conversation learns of an account, and who asked about whom."""

from pathlib import Path

import pytest

from bot.directory.accounts import Accounts
from bot.directory.answer import Unanswered
from bot.directory.callers import Allowance
from bot.directory.lookup import InProcess, Lookup
from bot.directory.snapshot import Snapshot
from dialogs.model import Finding, PicStatus
from dialogs.verdicts import Verdict
from tests.bot.directory.conftest import FIXES, SAMPLE
from tests.fakes import Clock

OFTEN = Allowance(1000, lambda: 0.0)


def asked(address: str) -> PicStatus:
    return PicStatus(address, by="agent@fabrikam.com")


def of(folder: Path) -> Accounts:
    clock = Clock()
    source = InProcess(Snapshot(folder, clock), FIXES, clock)
    return Accounts(Lookup(source, FIXES, clock, keep=0).status, OFTEN)


@pytest.mark.parametrize(
    ("address", "outcome", "verdict"),
    [
        ("lync.user@fabrikam.com", "yes", "enabled"),
        ("blocked.user@fabrikam.com", "no", Verdict.PIC_POLICY_OFF),
        ("nobody@fabrikam.com", "no", Verdict.USER_NOT_FOUND),
    ],
)
async def test_the_demos_people(address: str, outcome: str, verdict: str) -> None:
    finding = await of(SAMPLE).find(asked(address))

    assert finding.outcome == outcome
    assert finding.account
    assert (finding.account.address, finding.account.verdict) == (address, verdict)


async def test_an_agent_learns_of_the_policy_and_of_every_check() -> None:
    found = await of(SAMPLE).find(asked("blocked.user@fabrikam.com"))

    assert found.account
    assert (found.account.policy, found.account.scope) == ("NoPublicContacts", "user")
    assert found.account.at == "2026-11-03T12:00:00+00:00"
    assert dict(found.account.results)["pic_policy_off"] == "fail"
    assert dict(found.account.results)["user_not_found"] == "pass"
    assert dict(found.account.results)["ms_provisioning"] == "unknown"
    assert dict(found.account.results)["service_retired"] == "fail"


async def test_no_directory_knows_nothing() -> None:
    assert await Accounts(None, OFTEN).find(asked("lync.user@fabrikam.com")) == Finding("unknown")


@pytest.mark.parametrize("address", ["*@fabrikam.com", "", "ted", "a'b@fabrikam.com", "a@b@c.de"])
async def test_what_is_no_plain_address_reaches_no_directory(address: str) -> None:
    async def status(_: str) -> None:
        raise AssertionError("was asked")

    found = await Accounts(status, OFTEN).find(asked(address))  # type: ignore[arg-type]
    assert found == Finding("unknown", refused=True)


async def test_who_asked_about_what_is_no_plain_address_is_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO", "bot.directory.audit"):
        await of(SAMPLE).find(asked("*@fabrikam.com\n" + 200 * "x"))

    (record,) = caplog.records
    assert (vars(record)["caller"], vars(record)["verdict"]) == ("agent@fabrikam.com", "refused")
    assert vars(record)["about"].startswith("'*@fabrikam.com\\nxxx")
    assert len(vars(record)["about"]) < 100


async def test_no_answer_is_unknown() -> None:
    async def status(_: str) -> None:
        raise Unanswered("It cannot be reached.")

    unknown = await Accounts(status, OFTEN).find(asked("lync.user@fabrikam.com"))  # type: ignore[arg-type]
    assert unknown == Finding("unknown")


async def test_who_asked_about_somebody_else_is_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO", "bot.directory.audit"):
        await of(SAMPLE).find(asked("blocked.user@fabrikam.com"))
        await of(SAMPLE).find(PicStatus("lync.user@fabrikam.com"))

    (record,) = caplog.records
    assert vars(record)["caller"] == "agent@fabrikam.com"
    assert vars(record)["about"] == "blocked.user@fabrikam.com"
    assert vars(record)["verdict"] == "pic_policy_off"


async def test_nobody_lists_a_directory_by_asking_often() -> None:
    now, clock = [0.0], Clock()
    source = InProcess(Snapshot(SAMPLE, clock), FIXES, clock)
    status = Lookup(source, FIXES, clock, keep=0).status
    accounts = Accounts(status, Allowance(2, lambda: now[0]))
    own = PicStatus("lync.user@fabrikam.com")

    found = [await accounts.find(asked(f"ann{n}@fabrikam.com")) for n in range(3)]
    assert [one.too_often for one in found] == [False, False, True]
    assert (await accounts.find(own)).outcome == "yes"
    now[0] += 30
    assert not (await accounts.find(asked("ann4@fabrikam.com"))).too_often
