"""What may be dialled: public addresses, and those that an operator lists, in whatever form."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.networks import NAT64, listed, may_be_dialled

PUBLIC = ["8.8.8.8", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2001::1", "2001:db8::1",
    "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "100::1", "fc00::1", "fd12::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_may_be_dialled(host: str) -> None:
    assert may_be_dialled(host, ())
    assert not may_be_dialled(host, (), only_listed=True)


@pytest.mark.parametrize("host", [*NOT_PUBLIC, "", "localhost", "127.1", "2130706433", "0x7f.1"])
def test_all_others_may_not(host: str) -> None:
    assert not may_be_dialled(host, ())


@pytest.mark.parametrize(
    ("network", "host"),
    [
        ("127.0.0.0/8", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("10.1.0.0/16", "::ffff:10.1.2.3"),
        ("10.1.0.0/16", "64:ff9b::a01:203"),
        ("2002::/16", "2002:7f00:1::"),
        ("::1", "::1"),
        ("fe80::/10", "fe80::1%eth0"),
        ("fd00::/8, 8.8.8.8", "8.8.8.8"),
    ],
)
def test_what_is_listed_may_be_dialled_even_unencrypted(network: str, host: str) -> None:
    assert may_be_dialled(host, listed(network))
    assert may_be_dialled(host, listed(network), only_listed=True)


@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "10.0.0.1"])
def test_nothing_beside_what_is_listed(host: str) -> None:
    assert not may_be_dialled(host, listed("127.0.0.1, 10.1.0.0/16"))


@pytest.mark.parametrize("text", ["10.0.0.1/8", "tickets.fabrikam.com", "0.0.0.0/0", "::/0", "1"])
def test_what_is_no_network_or_nearly_everything_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"host bits|does not appear|nearly everything"):
        listed(text)


def test_nothing_listed_is_nothing() -> None:
    assert listed(" , ") == ()


@given(st.ip_addresses(v=4))
def test_what_python_calls_not_global_is_never_dialled(address: IPv4Address) -> None:
    forms = [address, IPv6Address(int(NAT64[0]) + int(address)), f"::ffff:{address}"]
    answers = {may_be_dialled(str(form), ()) for form in forms}

    assert len(answers) == 1
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert answers == {False}


@given(st.ip_addresses(v=6))
def test_nor_in_the_new_protocol(address: IPv6Address) -> None:
    if may_be_dialled(str(address), ()) and address not in NAT64 and not address.ipv4_mapped:
        assert ip_address(str(address)).is_global
        strange = address.is_multicast or address.is_reserved or address.is_site_local
        assert not strange
