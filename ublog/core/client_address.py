"""The IP address that a request comes from. Needs no settings: the web server imports it, too."""

import ipaddress
from contextvars import ContextVar

# The client's IP address, set for each request by `middleware.request_context`. The domain knows no
# HTTP, and an argument that five interfaces must pass is one that a sixth would forget.
caller_address: ContextVar[str] = ContextVar("caller_address", default="")


def address_behind(hops: int, forwarded: str, peer: str) -> str:
    """Return the client's IP address.

    `hops` is how many trusted proxies there are, `forwarded` the value of X-Forwarded-For, and
    `peer` the IP address that has connected.
    """
    if hops:
        seen = [part.strip() for part in forwarded.split(",")]
        if len(seen) >= hops:
            return without_port(seen[-hops])
    return peer


def without_port(address: str) -> str:
    """Return an entry of X-Forwarded-For without the port that some proxies write behind it.

    IPv6 may be in brackets: RFC 3986, section 3.2.2.
    """
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def network(address: str) -> str:
    """Return the part of an IP address that stands for one household: IPv4 whole, IPv6 its /64.

    Return "" for what is not an IP address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)
