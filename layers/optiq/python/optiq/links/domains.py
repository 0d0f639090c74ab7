"""Who may have links on a domain: on Optiq's own everybody, on any other the organization that claimed it."""

import hmac
import math
from functools import lru_cache
from http.client import HTTPException

from optiq.kernel.asking_outside import ask
from optiq.kernel.caller import Caller
from optiq.kernel.errors import ConflictError, InvalidError, LimitExceededError
from optiq.kernel.keys import Key
from optiq.kernel.limits import Buckets, Limit
from optiq.kernel.outside_targets import RefusedAddressError, target_of
from optiq.kernel.secrets import derive
from optiq.kernel.settings import settings
from optiq.links.addresses import own_domain
from optiq.links.contracts import LinkDomain
from optiq.ports import wiring
from optiq.store.api import Store
from optiq.tenancy import api as tenancy

PROOF_PATH = "-"
"""Where a domain that leads to this Optiq answers with its proof; no link's path begins so."""
_CREATED_RATE, _CREATED_BURST = 0.05, 500
"""Links on Optiq's own address that an organization may create: a second, and at once."""
_IF_YOURS = "if it is yours, ask who operates this Optiq"
_PROOF_SECONDS = 5
_PROOF_BYTES = 64


def _key(domain: str) -> Key:
    return Key(f"LINKDOMAIN#{domain}", "DOMAIN")


_DOMAINS = Store(LinkDomain, "link domain", _key)


def require(caller: Caller, domain: str, now_ms: int) -> None:
    """Claims the domain for the organization, unless it is Optiq's own; there the organization's share gets smaller.

    Raises:
        LimitExceededError: the organization creates links too fast on Optiq's own domain.
        ConflictError: the domain is another organization's. InvalidError: it does not lead to this Optiq.
    """
    if domain == own_domain():
        _take_of_quota(caller)
        return
    owner = _DOMAINS.find(domain)
    if owner is None:
        if tenancy.is_named_earlier_by_another(caller.organization_id, domain):
            raise ConflictError(f"domain: {domain} belongs to a site of another organization; {_IF_YOURS}")
        _require_proof(domain)
        try:
            owner = _DOMAINS.add(caller, LinkDomain(caller.organization_id, domain, now_ms))
        except ConflictError:
            owner = _DOMAINS.find(domain)
    if owner is None or owner.organization_id != caller.organization_id:
        raise ConflictError(f"domain: another organization has links on {domain}; {_IF_YOURS}")


@lru_cache(maxsize=1)
def own_links() -> Limit:
    """What each organization may create on Optiq's own address, in this process."""
    return Limit(Buckets(_CREATED_RATE, _CREATED_BURST))


def _take_of_quota(caller: Caller) -> None:
    """Optiq's own address is everybody's: no organization may take all short names. Raises LimitExceededError."""
    if wait_seconds := own_links().take(caller.organization_id):
        raise LimitExceededError(
            f"your organization creates many links on {own_domain()}: create the next later, or use a domain of yours",
            retry_after_seconds=math.ceil(wait_seconds),
        )


def proof_of(domain: str) -> str:
    """What only this Optiq can answer on a domain."""
    return derive(wiring.platform_secret(), "link domain", domain).hex()


def answer_of(domain: str) -> str:
    """What the domain answers where this Optiq has its proof; "" for nothing, and where it leads to no public address.

    Of a network of the operator's own nobody is asked: how long that took would say what is there.
    """
    try:
        target = target_of(f"https://{domain}/l/{PROOF_PATH}")
        found = ask(target, "GET", {}, None, most_bytes=_PROOF_BYTES, seconds=_PROOF_SECONDS)
    except (RefusedAddressError, HTTPException, OSError):
        return ""
    return found.body.decode("ascii", "replace")


def _require_proof(domain: str) -> None:
    """Whoever points a domain here has its DNS. An Optiq without https has no domain that others could reach.

    Raises InvalidError.
    """
    if not settings().public_url.startswith("https://"):
        return
    if not hmac.compare_digest(answer_of(domain).encode(), proof_of(domain).encode()):
        raise InvalidError(f"domain: {domain} does not lead to this Optiq yet; point it here, then create the link")
