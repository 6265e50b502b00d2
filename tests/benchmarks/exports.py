"""Exports of an organisation with so many users: the sample's headquarters, and users made up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "deploy" / "sample-directory" / "headquarters"
HEAD = '"SipAddress","Enabled","RegistrarPool","HostingProvider","ExternalAccessPolicy"'
POOLS = ("pool01.fabrikam.com", "pool02.fabrikam.com")
POLICIES = ("", "PublicContacts", "NoPublicContacts", "PublicContactsOnly", "MessagesOnly")


def write(folder: Path, users: int) -> Path:
    """Makes the exports; returns their folder."""
    shutil.copytree(SAMPLE, folder)
    rows = (_row(number, address) for number, address in enumerate(addresses(users)))
    (folder / "Get-CsUser.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return folder


def addresses(users: int) -> Iterator[str]:
    """The users' addresses."""
    return (f"user.{number}@fabrikam.com" for number in range(users))


def _row(number: int, address: str) -> str:
    """Pools and policies in turn; one in twenty is switched off."""
    enabled, pool = number % 20 != 0, POOLS[number % len(POOLS)]
    policy = POLICIES[number % len(POLICIES)]
    return f'"sip:{address}","{enabled}","{pool}","SRV:","{policy}"'
