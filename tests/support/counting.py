"""Counts of what a test has just sent, whatever day it is meanwhile: a test may run across midnight."""

from datetime import date, timedelta

from optiq.collect.ingest import api as ingest
from optiq.collect.ingest.contracts import IngestCounts
from optiq.kernel.caller import Caller
from optiq.kernel.clock import day_of, parse_timezone, system_clock
from optiq.tenancy.contracts import NewSite


def around_today() -> tuple[date, date]:
    """Yesterday and tomorrow in UTC, which hold today in every time zone."""
    today = day_of(system_clock(), parse_timezone("UTC"))
    return today - timedelta(days=1), today + timedelta(days=1)


def counts_of(site: NewSite) -> IngestCounts:
    """What became of the events of a site that only this test sends to."""
    first, last = around_today()
    return ingest.counts(Caller.system(site.site.organization_id), site.site.site_id, first=first, last=last)
