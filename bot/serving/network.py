"""Where a request comes from, as coarsely as limits need it: a /24 of IPv4, a /48 of IPv6. No address is kept."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from flask import Flask, Request
from werkzeug.middleware.proxy_fix import ProxyFix

_PREFIXES = {4: 24, 6: 48}


def network_of(request: Request) -> str:
    """The network of whoever asks, as ``81.2.69.0/24``. Empty for an address that is nobody's own."""
    address = _own_address(request)
    return str(ip_network((address, _PREFIXES[address.version]), strict=False)) if address else ""


def trust_proxies(app: Flask, number: int) -> None:
    """Take the client's address from X-Forwarded-For, as so many proxies before us have written it; 0 takes none."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=0)  # type: ignore[method-assign]


def address_of(request: Request) -> str:
    """The address of whoever asks, for counting tries: an IPv6 as its /64. Empty for one that is nobody's own."""
    address = _own_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


def _own_address(request: Request) -> IPv4Address | IPv6Address | None:
    """None for one that is nobody's own on the internet: a proxy that was not declared would otherwise count for
    everybody behind it.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address if address.is_global else None
