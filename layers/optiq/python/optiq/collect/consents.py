"""What senders say of their visitor's consent to advertising, each in its own form, as an event carries it.

Nothing is guessed: a purpose that a sender does not name is unknown.
"""

from collections.abc import Mapping
from typing import Any

from optiq.kernel.ad_consent import PURPOSES, AdConsent, Purpose, Said, Source, name_or_none, written

_SAID: Mapping[object, Said] = {True: "GRANTED", False: "DENIED", "granted": "GRANTED", "denied": "DENIED"}
_OF_ADVERTISING = frozenset({"advertising", "marketing", "targeting", "c0004"})
"""Categories of consent tools that are about advertising; C0004 is OneTrust's."""


def of_object(sent: object, source: Source) -> str:
    """Of an object with `ad_user_data` and `ad_personalization`, as the tracker's and Google's; "" for none."""
    if sent == "denied":
        # How the tracker says that its visitor takes all consent back.
        return written(AdConsent("DENIED", "DENIED", source))
    if not isinstance(sent, Mapping):
        return ""
    return _written({purpose: _said(sent.get(purpose.lower())) for purpose in PURPOSES}, sent, source)


def of_segment(context: object) -> str:
    """Of a message's context: its `consent`, with Google's two fields, or with the categories of a consent tool.

    https://segment.com/docs/privacy/consent-management/consent-in-segment-connections
    """
    consent = context.get("consent") if isinstance(context, dict) else None
    if not isinstance(consent, dict):
        return ""
    categories = consent.get("categoryPreferences")
    categories = categories if isinstance(categories, Mapping) else {}
    of_category = _of_categories(categories)
    said = {purpose: _first_said(purpose, consent, categories, of_category) for purpose in PURPOSES}
    return _written(said, consent, "SEGMENT")


def _first_said(purpose: Purpose, consent: Mapping[str, Any], categories: Mapping[str, Any], of_category: Said) -> Said:
    for fields in (consent, categories):
        if (said := _said(fields.get(purpose.lower()))) != "UNKNOWN":
            return said
    return of_category


def _of_categories(categories: Mapping[str, Any]) -> Said:
    """A refusal of one such category is one of advertising."""
    said = {_said(value) for name, value in categories.items() if str(name).lower() in _OF_ADVERTISING}
    return "DENIED" if "DENIED" in said else "GRANTED" if "GRANTED" in said else "UNKNOWN"


def _said(value: object) -> Said:
    if isinstance(value, str):
        value = value.lower()
    return _SAID.get(value, "UNKNOWN") if isinstance(value, str | bool) else "UNKNOWN"


def _written(said: Mapping[Purpose, Said], sent: Mapping[str, Any], source: Source) -> str:
    named = (name_or_none(sent.get("policy_version")), name_or_none(sent.get("text_hash")))
    return written(AdConsent(said["AD_USER_DATA"], said["AD_PERSONALIZATION"], source, *named))
