"""Which IP addresses a request may go to: public ones, and the networks that an operator lists."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WIDEST = 7
"""The shortest prefix that may be listed: fc00::/7 is the widest of the private networks."""

# Written down, since what Python itself calls global differs from one of its versions to the next.
NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by customers of a provider (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; clouds tell secrets there
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
"""IPv4 (IANA, Special-Purpose Address Registry)."""
PUBLIC_6 = IPv6Network("2000::/3")
"""All that is assigned for the public in IPv6; loopback, local and multicast are elsewhere."""
NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, among them Teredo, which hides IPv4
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 as networks with IPv6 alone reach it; their DNS answers with such addresses."""


def listed(text: str) -> tuple[Network, ...]:
    """The networks in a text such as `10.1.0.0/16, 127.0.0.1`.

    Raises ValueError, whose text says what to write.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    networks = tuple(ip_network(name) for name in names)
    for network in networks:
        if network.prefixlen < WIDEST:
            raise ValueError(f"{network} is nearly everything; list the networks that are meant")
    return networks


def may_be_dialled(host: str, allow: Sequence[Network], *, only_listed: bool = False) -> bool:
    """Whether a request may go to an IP address: to a public one, or one in a listed network.

    IPv4 in the clothes of IPv6 is judged as what it is. With `only_listed` public addresses may
    not be dialled either.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return False
    inner = _inner(address)
    if any(one in network for network in allow for one in (address, inner)):
        return True
    return not only_listed and _is_public(inner)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)
