"""Steps that make data of 0.2.0 data of today. The same part again changes nothing."""

from collections.abc import Iterator
from functools import partial

from optiq.identity.people import api as people
from optiq.kernel.clock import system_clock
from optiq.kernel.ids import instant_of
from optiq.kernel.records import entity_in, record_of
from optiq.kernel.table import put_each
from optiq.kernel.table_walk import walk
from optiq.tenancy import site_domains
from optiq.tenancy.contracts import Invitation, Site


def note_domains(cursor: str) -> Iterator[str]:
    """Keeps since when each site names its domains: since it was created, as far as is known."""
    kind = record_of(Site)
    for records, after in walk(kind, kind.sk.startswith("SITE#site_"), cursor):
        for record in records:
            site = entity_in(Site, record)
            site_domains.note(site, clock=partial(instant_of, site.site_id))
        yield after


def expect_invited(cursor: str) -> Iterator[str]:
    """Lets the addresses of open invitations sign up where not everybody may."""
    kind, now_ms = record_of(Invitation), system_clock()
    for records, after in walk(kind, kind.sk.startswith("INVITATION#invitation_"), cursor):
        invitations = [entity_in(Invitation, record) for record in records]
        put_each(
            [
                people.expecting(one.email, one.invitation_id, one.expires_ms)
                for one in invitations
                if one.status == "OPEN" and one.expires_ms > now_ms
            ]
        )
        yield after
