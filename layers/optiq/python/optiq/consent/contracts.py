"""What consent tells other contexts."""

from dataclasses import dataclass

from optiq.kernel.ad_consent import Purpose, Said, Source


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person says of advertising now, on whatever device.

    Attributes:
        gpc: a browser of theirs sends Global Privacy Control: both purposes are DENIED.
    """

    ad_user_data: Said = "UNKNOWN"
    ad_personalization: Said = "UNKNOWN"
    gpc: bool = False


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """What a visitor said of one purpose. Records are added and never changed.

    Attributes:
        subject: the keyed hash of the device, else of the person, who said it.
        source: which sender said so; GPC for a browser's signal, and then `gpc` is set.
        policy_version, text_hash: which policy and which text it was about, as the sender names them, or "".
    """

    organization_id: str
    site_id: str
    subject: str
    record_id: str
    purpose: Purpose
    granted: bool
    said_ms: int
    source: Source
    policy_version: str = ""
    text_hash: str = ""
    gpc: bool = False


@dataclass(frozen=True, slots=True)
class ConsentHistory:
    """What a person says now, and every record of theirs, the newest first; `more` where there are older ones."""

    standing: Standing
    records: tuple[ConsentRecord, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """Somebody who let advertising platforms have data of theirs does so no more, from `at_ms` on.

    `customer_id` names the device, else the person, as `cus_…` of journeys does.
    """

    site_id: str
    customer_id: str
    purpose: Purpose
    at_ms: int
