"""Consent: what people said of advertising. Records are added and never changed, and an erasure keeps them as proof."""

from collections.abc import Sequence
from heapq import nlargest
from typing import cast

from optiq.consent import keys
from optiq.consent.contracts import ConsentHistory, ConsentRecord, Standing
from optiq.consent.noting import forget as forget_state
from optiq.consent.noting import note as note_events
from optiq.consent.noting import read_states, sayings_in
from optiq.consent.records import ConsentRecordRecord
from optiq.consent.saying import standing_of
from optiq.journeys import api as journeys
from optiq.kernel.ad_consent import Purpose, Source
from optiq.kernel.caller import Caller
from optiq.kernel.clock import Clock, system_clock
from optiq.kernel.events import EventAccepted
from optiq.kernel.table import table_outages
from optiq.tenancy import api as tenancy

MOST_SHOWN = 200
MOST_SUBJECTS = 50
"""Identifiers of a person that are looked at; a person may have 500, and most have two or three."""


def note(accepted: Sequence[EventAccepted], *, clock: Clock = system_clock) -> None:
    """Notes what events of the stream say of advertising; a write only where that changes.

    Raises:
        UpstreamError: deliver them again.
    """
    with table_outages():
        note_events([event for event in accepted if event.ads and _is_known(event)], clock)


def _is_known(event: EventAccepted) -> bool:
    return tenancy.site_if_any(event.organization_id, event.site_id) is not None


def forget(organization_id: str, site_id: str, subjects: Sequence[str], erased_ms: int) -> None:
    """What was said by identifiers that were erased, by their keyed hashes, counts no more; the records stay.

    So who comes back is asked anew. Doing it again changes nothing.
    """
    for subject in subjects:
        forget_state(organization_id, site_id, subject, erased_ms)


def standing(organization_id: str, site_id: str, subjects: Sequence[str]) -> Standing:
    """What a person says now, by the keyed hashes of their identifiers, of which the first MOST_SUBJECTS count."""
    wanted = [keys.state(organization_id, site_id, subject) for subject in subjects[:MOST_SUBJECTS]]
    return standing_of(sayings_in(record) for record in read_states(wanted).values())


def history(caller: Caller, site_id: str, customer_id: str) -> ConsentHistory:
    """What a person said, on whatever device, and what holds now.

    Raises:
        NotFoundError: the organization has no such site, or the site no such customer.
    """
    subjects = journeys.person_hashes(caller.organization_id, site_id, customer_id)[:MOST_SUBJECTS]
    found = [record for one in subjects for record in records(caller.organization_id, site_id, one)]
    newest = nlargest(MOST_SHOWN, found, key=lambda record: record.record_id)
    holds = standing(caller.organization_id, site_id, subjects)
    return ConsentHistory(holds, tuple(newest), more=len(found) > len(newest))


def records(organization_id: str, site_id: str, subject: str) -> list[ConsentRecord]:
    """Every record of one identifier, by its keyed hash, oldest first."""
    start = keys.record(organization_id, site_id, subject, "")
    found = ConsentRecordRecord.query(start.pk, ConsentRecordRecord.sk.startswith(start.sk), consistent_read=True)
    return [_contract(organization_id, site_id, subject, record) for record in found]


def _contract(organization_id: str, site_id: str, subject: str, record: ConsentRecordRecord) -> ConsentRecord:
    return ConsentRecord(
        organization_id=organization_id,
        site_id=site_id,
        subject=subject,
        record_id=record.sk.removeprefix("AT#"),
        purpose=cast(Purpose, record.purpose),
        granted=record.granted,
        said_ms=int(record.at_ms),
        source=cast(Source, record.source),
        policy_version=record.policy_version,
        text_hash=record.text_hash,
        gpc=record.gpc,
    )
