"""From where somebody asks: a network that cannot be read back, a device in words, whether we know the device."""

import hmac
import secrets

from optiq.identity.people.contracts import Client
from optiq.kernel.caller import Origin
from optiq.kernel.http import Event, header
from optiq.kernel.networks import senders_network
from optiq.kernel.secrets import identity_hash
from optiq.ports import wiring

_LONGEST_AGENT = 500
_BROWSERS = (
    *(("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def client_of(event: Event, *, device_token: str = "", session_secret: str = "") -> Client:
    """From where a request comes, with the secrets of its browser, if it is one."""
    http = (event.get("requestContext") or {}).get("http") or {}
    return Client(
        ip=str(http.get("sourceIp", "")),
        user_agent=header(event, "user-agent")[:_LONGEST_AGENT],
        country=_country(header(event, "cloudfront-viewer-country")),
        device_token=device_token,
        session_secret=session_secret,
    )


def origin_of(client: Client) -> Origin:
    return Origin(network=network_hash(client.ip), device=device_name(client.user_agent), place=client.country)


def network_hash(ip: str) -> str:
    """A keyed hash of the network an address lies in (IPv4 /24, IPv6 /56, which one household or server has)."""
    return _keyed("network", senders_network(ip) or "unknown")


def device_name(user_agent: str) -> str:
    """Such as `Firefox on Linux`; `unknown device` when it does not say."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(part for part in (browser, system) if part) or "unknown device"


def new_device_token(address_hash: str) -> str:
    """What a device keeps to be known as one on which an address was signed in; it opens nothing by itself.

    After OWASP's device cookies:
    https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
    """
    nonce = secrets.token_hex(12)
    return f"{nonce}.{_keyed('device', f'{address_hash}.{nonce}')}"


def known_device(device_token: str, address_hash: str) -> str:
    """The device's own id when its token was given for this address, or ""."""
    nonce, _, seal = device_token.partition(".")
    expected = _keyed("device", f"{address_hash}.{nonce}")
    return nonce if hmac.compare_digest(seal.encode(), expected.encode()) else ""


def _country(code: str) -> str:
    return code if len(code) == 2 and code.isalpha() and code.isascii() and code.isupper() else ""


def _keyed(kind: str, value: str) -> str:
    return identity_hash(wiring.platform_secret(), "", kind, value)
