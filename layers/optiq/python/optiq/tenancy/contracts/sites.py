"""Sites and their channel rules."""

from dataclasses import dataclass
from typing import Literal, TypedDict

DEFAULT_CONVERSION_EVENTS = ("Order Completed", "purchase", "Signed Up", "sign_up", "Lead", "generate_lead")
DEFAULT_JOURNEY_WINDOW_DAYS = 30
MOST_CUSTOM_DIMENSIONS = 8

SiteStatus = Literal["ACTIVE", "PAUSED", "ARCHIVED"]
PrivacySignals = Literal["IGNORE", "LEAVE_OUT"]
UnverifiedConversions = Literal["COUNT", "LEAVE_OUT"]
ConversionFeedback = Literal["OFF", "ON"]
VisitorStorage = Literal["COOKIES", "COOKIELESS_UNTIL_CONSENT", "COOKIELESS"]
DEFAULT_MATCH_KEY_DAYS, MOST_MATCH_KEY_DAYS = 8, 90


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """One of a site's own channel rules, tried before the default grouping.

    `source`, `medium` and `campaign` are patterns with `*` and `?`, compared without regard to case; an empty
    pattern matches anything.
    """

    channel: str
    source: str = ""
    medium: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """A version of a site's own channel rules, tried in order. Version 0 is what the site was created with."""

    organization_id: str
    site_id: str
    version: int
    created_ms: int
    rules: tuple[ChannelRule, ...]


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter that an advertiser adds to its links, with the source and medium that it means."""

    parameter: str
    source: str
    medium: str


@dataclass(frozen=True, slots=True)
class CustomDimension:
    """A property of events that reports can be by: `custom.<name>` is the value of `property`."""

    name: str
    property: str


@dataclass(frozen=True, slots=True)
class Site:
    """A tracked property.

    Attributes:
        domains: its own hosts; visits between them are no touches.
        timezone: IANA name; days of its reports are days there.
        conversion_events: names of the events that count as conversions.
        lookback_days: how far before a conversion a touch counts; None for the models' defaults.
        channel_rules: the site's own rules, tried in order before the default grouping.
        channel_rules_version: grows by one with every change of them.
        excluded_referrers: domains beside the payment and sign-in pages we know; coming back from them is no touch.
        split_sessions_at_midnight: a session does not go on into the next day of the site's timezone.
        credit_guard: whether coming back from those pages and domains is no touch; otherwise it is one like any other.
        click_ids: the site's own, tried before the ones we know.
        journey_window_days: a journey without a conversion is abandoned after so long without activity.
        unverified_conversions: LEAVE_OUT counts a conversion that pages reported only once a server reports it too.
        privacy_signals: LEAVE_OUT keeps events of browsers that send Do Not Track or Global Privacy Control out of
            reports.
        conversion_feedback: ON has conversions told to advertising platforms, of visitors who let them; only then what
            platforms recognise buyers by is captured.
        match_key_days: how long that is kept.
        visitor_storage: whether its pages keep a visitor id in the browser: always, after consent, or never. The site's
            tag carries it.
        custom_dimensions: properties of its events that reports can be by, MOST_CUSTOM_DIMENSIONS at most.
        status: what is sent to a site that is not ACTIVE becomes a failed event, which can be replayed.
        workspace_id: the workspace it belongs to, or None.
        deletion_due_ms: when it is deleted, or None; it takes no events until then.
        version: grows by one with every change, of the channel rules too.
    """

    organization_id: str
    site_id: str
    name: str
    domains: tuple[str, ...]
    timezone: str
    currency: str
    conversion_events: tuple[str, ...] = DEFAULT_CONVERSION_EVENTS
    lookback_days: int | None = None
    channel_rules: tuple[ChannelRule, ...] = ()
    channel_rules_version: int = 0
    excluded_referrers: tuple[str, ...] = ()
    split_sessions_at_midnight: bool = False
    credit_guard: bool = True
    click_ids: tuple[ClickId, ...] = ()
    journey_window_days: int = DEFAULT_JOURNEY_WINDOW_DAYS
    privacy_signals: PrivacySignals = "IGNORE"
    unverified_conversions: UnverifiedConversions = "COUNT"
    conversion_feedback: ConversionFeedback = "OFF"
    match_key_days: int = DEFAULT_MATCH_KEY_DAYS
    visitor_storage: VisitorStorage = "COOKIES"
    custom_dimensions: tuple[CustomDimension, ...] = ()
    status: SiteStatus = "ACTIVE"
    workspace_id: str | None = None
    created_ms: int = 0
    deletion_due_ms: int | None = None
    version: int = 0


class SiteChange(TypedDict, total=False):
    """Settings to change; what is absent stays. A list replaces the one before."""

    name: str
    domains: tuple[str, ...]
    timezone: str
    currency: str
    conversion_events: tuple[str, ...]
    lookback_days: int | None
    excluded_referrers: tuple[str, ...]
    split_sessions_at_midnight: bool
    credit_guard: bool
    click_ids: tuple[ClickId, ...]
    journey_window_days: int
    privacy_signals: PrivacySignals
    unverified_conversions: UnverifiedConversions
    conversion_feedback: ConversionFeedback
    match_key_days: int
    visitor_storage: VisitorStorage
    custom_dimensions: tuple[CustomDimension, ...]
    status: SiteStatus
    workspace_id: str | None


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site just created, with the secrets that are shown only now.

    `public_key` goes into pages, `write_key` sends events from servers, `api_key` reads reports.
    """

    site: Site
    public_key: str
    write_key: str
    api_key: str
