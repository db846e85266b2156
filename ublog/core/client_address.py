"""Where a request comes from. Needs no settings: the web server imports it, too."""

import ipaddress


def address_behind(hops: int, forwarded: str, peer: str) -> str:
    """Return the caller's address, given X-Forwarded-For and who has connected."""
    if hops:
        seen = [part.strip() for part in forwarded.split(",")]
        if len(seen) >= hops:
            return seen[-hops]
    return peer


def network(address: str) -> str:
    """The part of an address that stands for one household: IPv4 whole, IPv6 its /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)
