"""IPv4 and IPv6 addresses in what is kept of a failed event, under any name."""

import re

from optiq.collect.personal_data import HIDDEN

# `Chrome/126.0.0.0` is a version; what follows `//` is a host.
_IPV4 = re.compile(r"(?:(?<![\w./-])|(?<=//))(?:\d{1,3}\.){3}\d{1,3}(?![\w.]|-\w)")
_IPV4_IN_TEXT = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(
    r"(?i)(?<![0-9a-z:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:[0-9a-f:.]{0,40}"
    r"|::(?:[0-9a-f]{1,4}[:.]){0,7}[0-9a-f]{1,4})(?![0-9a-z])"
)


def without_networks(text: str) -> str:
    """A value of a property. Versions of programs stay, for a replay reads the device from them."""
    return _IPV6.sub(HIDDEN, _IPV4.sub(HIDDEN, text))


def without_any_networks(text: str) -> str:
    """A body that cannot be read: whatever may be an address goes."""
    return _IPV6.sub(HIDDEN, _IPV4_IN_TEXT.sub(HIDDEN, text))
