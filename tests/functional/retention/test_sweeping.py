"""What has had its time goes, and nothing else."""

import pytest
from optiq.audit import api as audit
from optiq.audit.contracts import Change
from optiq.audit.keys import start
from optiq.audit.records import StartRecord
from optiq.journeys import api as journeys
from optiq.journeys.customers.pages import Pages
from optiq.journeys.customers.table import Customers
from optiq.journeys.keys import customer as customer_key
from optiq.journeys.lake import CONVERSIONS, EVENTS
from optiq.journeys.records import HistoryRecord
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock, utc_day
from optiq.kernel.errors import InvalidError
from optiq.kernel.ids import new_id
from optiq.kernel.item_owners import owned
from optiq.ports import wiring
from optiq.reports.rollups import api as rollups
from optiq.reports.rollups.records import RollupRecord
from optiq.retention import api as retention
from optiq.retention.classes import CLASSES
from optiq.retention.contracts import Retention
from optiq.retention.sweeping import sweep_organization
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from tests.functional.deletion.tenants import table_items
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_beacon
from tests.unit.journeys.facts import fact as a_fact

pytestmark = pytest.mark.usefixtures("table")
TWO_YEARS = 730


@pytest.fixture
def site() -> NewSite:
    made = tenancy.create_site(name="Shop", domains=["shop.example"])
    pipeline = Pipeline()
    send_beacon(made, {"url": "https://shop.example/?utm_source=x"}, {"kind": "track", "name": "purchase"})
    pipeline.drain()
    return made


def _sweep(organization_id: str, days: float) -> tuple[int, int]:
    return sweep_organization(organization_id, system_clock() + int(days * DAY_MS), lambda: False)


def _days(site: NewSite, table: str) -> int:
    return len(list(wiring.lake().files(table, site.site.organization_id)))


def _totals(site: NewSite) -> dict[tuple[str, str], bytes]:
    """The rollups of the site, as they are in the table."""
    organization_id, site_id = site.site.organization_id, site.site.site_id
    found = RollupRecord.scan(RollupRecord.pk.startswith(f"ORG#{organization_id}#SITE#{site_id}#ROLLUP#"))
    return {(record.pk, record.sk): record.packed for record in found}


def _items(site: NewSite) -> set[str]:
    """Which entities hold events of the site, or what follows from them."""
    found = (owned(raw) for raw in table_items())
    whose = (one.item for one in found if one.item and site.site.site_id in one.owners)
    return {item.entity for item in whose} & {"customer", "customer history", "conversion"}


def test_event_of_two_years_and_a_day_is_gone_and_its_daily_totals_stay(site: NewSite) -> None:
    # GIVEN a day of events, with its totals
    organization_id = site.site.organization_id
    rollups.roll_up_all(stop=lambda: False)
    totals = _totals(site)
    assert totals
    assert _items(site) == {"customer", "conversion"}

    # WHEN it is two years old, it stays
    assert _sweep(organization_id, TWO_YEARS) == (0, 0)
    assert _days(site, EVENTS.name)

    # AND a day later it is gone
    files, _ = _sweep(organization_id, TWO_YEARS + 1)
    assert files
    assert (_days(site, EVENTS.name), _days(site, CONVERSIONS.name)) == (0, 0)
    # AND no item of the table has what happened
    assert _items(site) == set()
    # AND its totals stay, whatever runs afterwards
    rollups.roll_up_all(stop=lambda: False)
    assert _totals(site) == totals


def test_customer_who_came_again_keeps_what_is_younger(site: NewSite) -> None:
    # GIVEN a customer with sealed facts of an old day, and facts of today
    organization_id, site_id = site.site.organization_id, site.site.site_id
    customers = Customers(organization_id, site_id)
    customers.load({"cus_1": "anonymous_id"})
    for days in (800, 0):
        customers.get("cus_1").add(a_fact(system_clock() - days * DAY_MS, event_id=f"e{days}"))
    customer = customers.get("cus_1")
    customer.version = 1
    assert Pages(organization_id, site_id).seal(customer)

    # WHEN what is older than two years has had its time, however often
    for _ in range(2):
        journeys.forget_facts(organization_id, site_id, ["cus_1"], utc_day(system_clock() - 730 * DAY_MS))

    # THEN the old page is gone, and the young one is read as before
    again = Customers(organization_id, site_id)
    again.load({"cus_1": "anonymous_id"})
    kept = again.get("cus_1")
    again.load_days((kept, slot) for slot in kept.sealed)
    assert [fact.event_id for fact in kept.by_event_id.values()] == ["e0"]
    pages = HistoryRecord.query(customer_key(organization_id, site_id, "cus_1").pk, HistoryRecord.sk.startswith("H"))
    assert len(list(pages)) == 1


def test_days_are_those_that_the_organization_set(site: NewSite) -> None:
    caller = tenancy.operator(site.site.organization_id)
    changed = retention.set_retention(caller, {"events_days": 30})

    assert (changed.events_days, changed.ads_days) == (30, 3_650)
    assert _sweep(site.site.organization_id, 30)[0] == 0
    assert _sweep(site.site.organization_id, 31)[0] > 0
    with pytest.raises(InvalidError, match="audit_days: must be 365 to 3650 days"):
        retention.set_retention(caller, {"audit_days": 30})


def test_another_organization_keeps_its_own(site: NewSite) -> None:
    other = tenancy.create_site(name="Other", domains=["other.example"])
    retention.set_retention(tenancy.operator(other.site.organization_id), {"events_days": 30})

    _sweep(other.site.organization_id, 60)

    assert _days(site, EVENTS.name)
    assert retention.get_retention(Caller.system(site.site.organization_id)) == Retention(site.site.organization_id)


def test_audit_entry_stays_until_seven_years_and_the_chain_verifies_from_its_new_start() -> None:
    # GIVEN an entry of 7 years and 1 day, one of 6 years and 364 days, and one of today
    now_ms, organization_id = system_clock(), new_id("org", system_clock())
    for days in (2_558, 2_555, 0):
        at_ms = now_ms - days * DAY_MS
        assert audit.commit([], [Change(organization_id, "user_1", "site.changed", "site_1")], lambda at=at_ms: at)

    # WHEN it is swept
    removed = sweep_organization(organization_id, now_ms, lambda: False)

    # THEN the first alone is gone, and the log verifies
    assert removed == (0, 1)
    assert [now_ms - entry.at_ms for entry in audit.entries(organization_id).items] == [0, 2_555 * DAY_MS]
    assert audit.verify(organization_id).intact
    # AND nobody can pass another removal off as that one
    record = StartRecord.get(*start(organization_id, "tenancy"))
    record.update(actions=[StartRecord.sequence.set(2)])
    assert audit.verify(organization_id).fault == "tenancy: entry 1 is missing"


def test_every_setting_has_a_class() -> None:
    settings = {one.setting for one in CLASSES.values() if one.setting}

    assert settings == {"events_days", "ads_days", "errors_days", "audit_days"}
    assert all(hasattr(Retention("org_1"), name) for name in settings)
