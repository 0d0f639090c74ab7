"""The rules of a site's settings, and their change as a whole.

What follows from the settings is derived when it is needed, so a change holds for all that is derived from then on.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TypeVar, get_args

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Json
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_timezone
from optiq.kernel.errors import ConflictError, InvalidError, VersionError, require_version
from optiq.kernel.hosts import ascii_host
from optiq.kernel.money import parse_currency
from optiq.kernel.table import Put
from optiq.tenancy.contracts import ClickId, PrivacySignals, Site, SiteChange, SiteStatus, UnverifiedConversions
from optiq.tenancy.records import SiteRecord

T = TypeVar("T")

MAX_WINDOW_DAYS = 400
MAX_LISTED = 200
_MAX_NAME = 200
_DOMAIN = re.compile(r"^(localhost|(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$")
_AROUND_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//|^\*?\.|(?::\d+)?(?:[/?#].*)?$", re.DOTALL)
_PARAMETER = re.compile(r"^(?!utm_)[a-z0-9._~-]{1,50}$", re.IGNORECASE | re.ASCII)


def checked(site: Site) -> Site:
    """The site as it would be kept. Raises InvalidError, which names the setting that cannot be."""
    with _setting("name"):
        name = checked_name(site.name)
    with _setting("timezone"):
        parse_timezone(site.timezone)
    with _setting("currency"):
        currency = parse_currency(site.currency)
    with _setting("lookback_days"):
        if site.lookback_days is not None:
            _require_days(site.lookback_days)
    with _setting("journey_window_days"):
        _require_days(site.journey_window_days)
    require_one_of("status", site.status, get_args(SiteStatus))
    require_one_of("privacy_signals", site.privacy_signals, get_args(PrivacySignals))
    require_one_of("unverified_conversions", site.unverified_conversions, get_args(UnverifiedConversions))
    return replace(
        site,
        name=name,
        currency=currency,
        domains=_each("domains", site.domains, _checked_domain, at_least=1),
        conversion_events=_each("conversion_events", site.conversion_events, checked_name, at_least=1),
        excluded_referrers=_each("excluded_referrers", site.excluded_referrers, _checked_domain),
        click_ids=_each("click_ids", site.click_ids, _checked_click_id),
    )


def change(by: Caller, site_id: str, changes: SiteChange, expected_version: int | None) -> Site:
    """Makes the changes together, or none of them; what is so already is not written again.

    A workspace among them has been found to be there.

    Raises:
        InvalidError, NotFoundError: as they say.
        ConflictError: the settings are not of the version expected, somebody else is changing them, or the currency
            would be another.
    """
    record = SiteRecord.read(by.organization_id, site_id)
    site, before = record.contract(), record.settings
    require_version(expected_version, site.settings_version)
    wanted = checked(replace(site, **changes))
    if wanted.currency != site.currency:
        raise ConflictError(
            f"currency: stays {site.currency}: what was sent without a currency was taken in it, and reports are in it"
        )
    if wanted == site:
        return site
    wanted = replace(wanted, settings_version=site.settings_version + 1)
    write = Put(SiteRecord.of(wanted, int(record.created_ms)), SiteRecord.settings == before)
    if not audit.commit([write], [_entry(by, site, wanted)]):
        raise VersionError("the site was changed at the same time: read it and try again")
    return wanted


def said(site: Site) -> dict[str, Json]:
    """A site's settings as audit entries have them."""
    known = asdict(site)
    names = [name for name in SiteChange.__annotations__ if name != "click_ids"]
    lists: dict[str, Json] = {name: list(known[name]) for name in names if isinstance(known[name], tuple)}
    click_ids = [f"{click_id.parameter}={click_id.source}/{click_id.medium}" for click_id in site.click_ids]
    return {name: known[name] for name in names} | lists | {"click_ids": click_ids}


def _entry(by: Caller, before: Site, after: Site) -> Change:
    old, new = said(before), said(after)
    changed = [name for name in new if new[name] != old[name]]
    old, new = ({name: fields[name] for name in changed} for fields in (old, new))
    return Change(by.organization_id, by.actor, "site.changed", before.site_id, old, new, by.origin)


def checked_name(name: str) -> str:
    """Raises InvalidError."""
    name = name.strip()
    if not (1 <= len(name) <= _MAX_NAME and name.isprintable()):
        raise InvalidError(f"a name must have 1 to {_MAX_NAME} printable characters")
    return name


def _checked_domain(domain: str) -> str:
    """The host in its ASCII form; of an address given instead, everything around the host is left out."""
    written = _AROUND_HOST.sub("", domain.strip().lower())
    try:
        host = ascii_host(written)
    except ValueError:
        host = ""
    if not _DOMAIN.match(host):
        raise InvalidError(f"'{domain[:100]}' is not a domain such as shop.example.com or bücher.example")
    return host


def _checked_click_id(click_id: ClickId) -> ClickId:
    if not _PARAMETER.match(click_id.parameter):
        raise InvalidError(f"'{click_id.parameter[:60]}' is not a parameter such as xclid")
    return ClickId(click_id.parameter, checked_name(click_id.source), checked_name(click_id.medium))


def require_one_of(setting: str, value: str, choices: Sequence[str]) -> None:
    """Raises InvalidError."""
    if value not in choices:
        raise InvalidError(f"{setting}: must be one of {', '.join(choices)}")


def _require_days(days: int) -> None:
    if not 1 <= days <= MAX_WINDOW_DAYS:
        raise InvalidError(f"a window must be 1 to {MAX_WINDOW_DAYS} days")


def _each(setting: str, values: Sequence[T], check: Callable[[T], T], at_least: int = 0) -> tuple[T, ...]:
    """Every value as it would be kept, once."""
    with _setting(setting):
        if not at_least <= len(values) <= MAX_LISTED:
            raise InvalidError(f"{at_least} to {MAX_LISTED} of them")
        return tuple(dict.fromkeys(check(value) for value in values))


@contextmanager
def _setting(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidError as error:
        raise InvalidError(f"{name}: {error}") from error
