"""What a site's settings may be."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar, get_args

from optiq.kernel.clock import parse_timezone
from optiq.kernel.errors import InvalidError
from optiq.kernel.hosts import ascii_host
from optiq.kernel.money import parse_currency
from optiq.tenancy.contracts import (
    MOST_CUSTOM_DIMENSIONS,
    MOST_MATCH_KEY_DAYS,
    ClickId,
    ConversionFeedback,
    CustomDimension,
    PrivacySignals,
    Site,
    SiteStatus,
    UnverifiedConversions,
    VisitorStorage,
)

T = TypeVar("T")

MAX_WINDOW_DAYS = 400
MAX_LISTED = 200
_MAX_NAME = 200
_DOMAIN = re.compile(r"^(localhost|(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63})$")
_AROUND_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//|^\*?\.|(?::\d+)?(?:[/?#].*)?$", re.DOTALL)
_DIMENSION = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_PROPERTY = re.compile(r"(?! )[\w $.:-]{1,100}(?<! )", re.ASCII)
_PARAMETER = re.compile(r"^(?!utm_)[a-z0-9._~-]{1,50}$", re.IGNORECASE | re.ASCII)


def checked(site: Site) -> Site:
    """The site as it is stored. Raises InvalidError, which names the setting that cannot be."""
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
    with _setting("match_key_days"):
        _require_days(site.match_key_days, MOST_MATCH_KEY_DAYS)
    require_one_of("status", site.status, get_args(SiteStatus))
    require_one_of("privacy_signals", site.privacy_signals, get_args(PrivacySignals))
    require_one_of("unverified_conversions", site.unverified_conversions, get_args(UnverifiedConversions))
    require_one_of("conversion_feedback", site.conversion_feedback, get_args(ConversionFeedback))
    require_one_of("visitor_storage", site.visitor_storage, get_args(VisitorStorage))
    return replace(
        site,
        name=name,
        currency=currency,
        domains=_each("domains", site.domains, _checked_domain, at_least=1),
        conversion_events=_each("conversion_events", site.conversion_events, checked_name, at_least=1),
        excluded_referrers=_each("excluded_referrers", site.excluded_referrers, _checked_domain),
        click_ids=_each("click_ids", site.click_ids, _checked_click_id),
        custom_dimensions=_checked_dimensions(site.custom_dimensions),
    )


def checked_name(name: str) -> str:
    """Raises InvalidError."""
    name = name.strip()
    if not (1 <= len(name) <= _MAX_NAME and name.isprintable()):
        raise InvalidError(f"a name must have 1 to {_MAX_NAME} printable characters")
    return name


def _checked_domain(domain: str) -> str:
    """The host in its ASCII form; of a whole address, only the host is used."""
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


def _checked_dimensions(dimensions: Sequence[CustomDimension]) -> tuple[CustomDimension, ...]:
    with _setting("custom_dimensions"):
        if len(dimensions) > MOST_CUSTOM_DIMENSIONS:
            raise InvalidError(f"must have at most {MOST_CUSTOM_DIMENSIONS} entries")
        for one in dimensions:
            if not _DIMENSION.fullmatch(one.name):
                raise InvalidError(f"name: '{one.name[:60]}' is not a name such as plan or plan_type")
            if not _PROPERTY.fullmatch(one.property):
                raise InvalidError(f"property: '{one.property[:60]}' is not the name of a property such as plan")
        if len({one.name for one in dimensions}) < len(dimensions):
            raise InvalidError("name: each must have a name of its own")
    return tuple(dimensions)


def require_one_of(setting: str, value: str, choices: Sequence[str]) -> None:
    """Raises InvalidError."""
    if value not in choices:
        raise InvalidError(f"{setting}: must be one of {', '.join(choices)}")


def _require_days(days: int, most: int = MAX_WINDOW_DAYS) -> None:
    if not 1 <= days <= most:
        raise InvalidError(f"must be 1 to {most} days")


def _each(setting: str, values: Sequence[T], check: Callable[[T], T], at_least: int = 0) -> tuple[T, ...]:
    """Every value as it is stored, once."""
    with _setting(setting):
        if not at_least <= len(values) <= MAX_LISTED:
            raise InvalidError(f"must have {at_least} to {MAX_LISTED} entries")
        return tuple(dict.fromkeys(check(value) for value in values))


@contextmanager
def _setting(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidError as error:
        raise InvalidError(f"{name}: {error}") from error
