"""The networks that the operator lets customers' channels reach, beside the internet."""

from functools import lru_cache
from ipaddress import ip_network

from optiq.kernel.outside_targets import Network
from optiq.kernel.settings import settings


def permitted_networks() -> tuple[Network, ...]:
    return _read(settings().webhook_networks)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in text.split())
