"""What comes from this machine alone: for doors that ask nobody who he is."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

_NAMES = ("localhost", "127.0.0.1")
_FORWARDING = {"forwarded", "via", "x-real-ip", "true-client-ip", "x-client-ip", "x-original-host"}
_PREFIXES = ("x-forwarded", "x-cluster", "cf-", "ngrok", "x-ngrok", "x-envoy", "fly-", "tailscale-")


def is_local_host(host: str) -> bool:
    """Tell whether a Host header names this machine: "localhost" or "127.0.0.1", with any port."""
    name, _, port = host.partition(":")
    return name.lower() in _NAMES and (port.isdigit() or port == "")


def was_forwarded(headers: Iterable[str]) -> bool:
    """Tell whether the names of a request's headers (in lower case) show a proxy or a tunnel."""
    return any(name in _FORWARDING or name.startswith(_PREFIXES) for name in headers)


def is_foreign(origin: str | None) -> bool:
    """Tell whether the Origin header is that of a page from elsewhere, which a browser here sends for it."""
    return origin is not None and not on_loopback(origin)


def on_loopback(url: str) -> bool:
    """Tell whether an address leads to this machine alone."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no address at all
        return False
    return host == "localhost" or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
