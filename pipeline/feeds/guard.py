"""Whom a feed may lead us to: only public addresses, checked on the address itself as the connection is made.

So neither a redirect, nor a name that resolves to an inner address, nor one that resolves anew can get past it.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any, Final

from pipeline.errors import Code, Transient

IPv4 = ipaddress.IPv4Address
IPv6 = ipaddress.IPv6Address

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


class PrivateAddressError(OSError):
    """An address that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also where IPv6 wraps an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = _wrapped(ip) if isinstance(ip, IPv6) else None
    if inner is not None:
        return _global(inner)
    return _global(ip)


def public_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """A socket for a public address; `socket_factory` of aiohttp's connector.

    Raises:
        PrivateAddressError: for any other.
    """
    family, kind, protocol, _, address = address_info
    if not is_public(str(address[0])):
        raise PrivateAddressError(f"{address[0]} is not a public address")
    return socket.socket(family=family, type=kind, proto=protocol)


def private_address_refusal(error: BaseException, url: str) -> Transient | None:
    """The error to tell where a connection failed of a private address, else None."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, PrivateAddressError) or "is not a public address" in str(cause):
            hint = "private_addresses = true, if this feed is inside your own network"
            return Transient(Code.FEED_ADDRESS, f"{url[:200]}: {cause.args[-1]}", hint=hint)
        cause = cause.__cause__ or cause.__context__
    return None


def _global(ip: IPv4 | IPv6) -> bool:
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _wrapped(ip: IPv6) -> IPv4 | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    return IPv4(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
