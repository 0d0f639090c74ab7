"""Campaigns, groups and ads: their names, what became of them, and what is written of them."""

import pytest
from optiq.ads.entities import api as entities
from optiq.ads.entities import stored
from optiq.ads.entities.contracts import Entity
from optiq.ads.lake import AD_DAILY
from optiq.ads.platforms.reported import EntityId, VendorEntity
from optiq.ads.platforms.vendors.google_ads import GoogleAds
from optiq.kernel.errors import InvalidError, NotFoundError
from optiq.ports import wiring

from infra.local.ad_platforms import google
from infra.local.ad_platforms.server import Fault, Vendors
from tests.functional.ads.connected import caller
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"
CAMPAIGN = EntityId("CAMPAIGN", "111", "111")


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T04:00:00+02:00")
    return Synced(vendors, organization_id)


def _account(synced: Synced) -> tuple[str, str, str]:
    return synced.organization_id, GOOGLE, ACCOUNT


def _one(synced: Synced, wanted: EntityId = CAMPAIGN) -> Entity:
    return next(one for one in entities.entities_of(_account(synced)) if one.id == wanted)


def _written(monkeypatch: pytest.MonkeyPatch) -> list[Entity]:
    found: list[Entity] = []
    keep = stored.keep

    def count(account: tuple[str, str, str], changed: list[Entity]) -> None:
        found.extend(changed)
        keep(account, changed)

    monkeypatch.setattr(stored, "keep", count)
    return found


def test_a_sync_reads_campaigns_groups_and_ads_before_the_numbers(synced: Synced) -> None:
    synced.rows(row(D, "111", 40, ad="999"), row(D, "222", 60, kind="PERFORMANCE_MAX"))
    synced.vendors.world.statuses["222"] = "PAUSED"
    synced.pull()

    found = {one.id: one for one in entities.entities_of(_account(synced))}
    assert {(one.level, one.external_id, one.name, one.platform_status, one.kind) for one in found.values()} == {
        ("CAMPAIGN", "111", "Campaign 111", "ENABLED", "SEARCH"),
        ("CAMPAIGN", "222", "Campaign 222", "PAUSED", "PERFORMANCE_MAX"),
        ("GROUP", "7111", "Group 7111", "ENABLED", ""),
        ("AD", "999", "Ad 999", "ENABLED", ""),
    }
    ad = found[EntityId("AD", "999", "111", "7111")]
    assert (ad.first_seen_ms, ad.last_seen_ms, ad.gone_ms) == (synced.clock(), synced.clock(), None)
    queries = [str(one.body["query"]) for one in synced.vendors.asked("searchStream")][-5:]
    assert ["segments.date" in query for query in queries] == [False, False, True, True, True]


def test_equal_lists_write_nothing_but_when_they_were_read(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    synced.rows(row(D, "111", 40, ad="999"))
    synced.pull()
    written = _written(monkeypatch)

    synced.at("2026-10-03T04:00:00+02:00")
    synced.pull()

    assert written == []
    assert _one(synced).last_seen_ms == synced.clock()
    assert _one(synced).first_seen_ms == ms("2026-10-02T04:00:00+02:00")


def test_only_what_changed_is_written(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    synced.rows(row(D, "111", 40, ad="999"), row(D, "222", 40))
    synced.pull()
    written = _written(monkeypatch)
    synced.vendors.world.statuses["222"] = "PAUSED"
    synced.pull()
    assert [(one.external_id, one.platform_status) for one in written] == [("222", "PAUSED")]


def test_old_days_can_be_shown_under_the_old_name_or_the_new(synced: Synced) -> None:
    # GIVEN a campaign "A" that is called "B" since the fifth
    synced.vendors.world.names["111"] = "A"
    synced.rows(row(D, "111", 40))
    synced.pull()
    synced.at("2026-10-05T04:00:00+02:00")
    synced.vendors.world.names["111"] = "B"
    synced.pull()

    # THEN September has "A" by the names of then, also before it was read first, and "B" by those of now
    wanted = (_account(synced), CAMPAIGN)
    then = entities.names_of([wanted], ms("2026-09-30T23:59:59+02:00"))
    assert then == {wanted: "A"}
    assert entities.names_of([wanted], ms("2026-10-05T04:00:00+02:00")) == {wanted: "B"}
    assert entities.names_of([wanted]) == {wanted: "B"}
    assert [(one.name, one.since_ms) for one in _one(synced).names] == [
        ("A", ms("2026-10-02T04:00:00+02:00")),
        ("B", ms("2026-10-05T04:00:00+02:00")),
    ]


def test_what_leaves_all_lists_is_gone_and_its_days_stay(synced: Synced) -> None:
    # GIVEN September of two campaigns
    synced.rows(row("2026-09-20", "111", 40, ad="999"), row("2026-09-20", "222", 10))
    synced.pull()
    before = _september(synced)

    # WHEN one leaves the lists and the numbers
    synced.at("2026-10-03T04:00:00+02:00")
    synced.vendors.world.unlisted |= {"111"}
    synced.pull()

    # THEN it is gone since then, with what is below it, and was seen last the day before
    for one in (CAMPAIGN, EntityId("GROUP", "7111", "111", "7111"), EntityId("AD", "999", "111", "7111")):
        gone = _one(synced, one)
        assert (gone.last_seen_ms, gone.gone_ms) == (ms("2026-10-02T04:00:00+02:00"), synced.clock())
    assert _one(synced, EntityId("CAMPAIGN", "222", "222")).gone_ms is None
    # AND September is as it was, with the name
    assert _september(synced) == before
    assert entities.names_of([(_account(synced), CAMPAIGN)]) == {(_account(synced), CAMPAIGN): "Campaign 111"}

    # AND it stays gone since then, and can come back
    synced.at("2026-10-04T04:00:00+02:00")
    synced.pull()
    assert _one(synced).gone_ms == ms("2026-10-03T04:00:00+02:00")
    synced.vendors.world.unlisted.clear()
    synced.pull()
    assert _one(synced).gone_ms is None


def _september(synced: Synced) -> list[object]:
    sql = f"SELECT * FROM {AD_DAILY.name} WHERE day LIKE '2026-09-%' ORDER BY day, level, entity_id, revision"
    return list(wiring.query().run(sql, synced.organization_id, ()).rows)


def test_what_the_lists_lack_is_asked_for_by_its_id(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    """As at a platform whose lists hide what was deleted."""
    asked: list[set[EntityId]] = []

    def by_id(_: object, __: str, ___: str, ____: str, missing: list[EntityId]) -> list[VendorEntity]:
        asked.append(set(missing))
        return [VendorEntity(one, f"Deleted {one.external_id}", "DELETED") for one in missing if one.level != "AD"]

    monkeypatch.setattr(GoogleAds, "entities_by_id", by_id)
    # GIVEN one that has numbers and never was in a list
    synced.vendors.world.unlisted |= {"333"}
    synced.rows(row(D, "111", 40), row(D, "333", 10))
    synced.pull()
    hidden = _one(synced, EntityId("CAMPAIGN", "333", "333"))
    assert (hidden.name, hidden.platform_status, hidden.gone_ms) == ("Deleted 333", "DELETED", synced.clock())

    # AND one that leaves them
    synced.vendors.world.unlisted |= {"111"}
    synced.at("2026-10-03T04:00:00+02:00")
    synced.pull()
    left = _one(synced)
    assert [one.name for one in left.names] == ["Campaign 111", "Deleted 111"]
    assert (left.platform_status, left.gone_ms) == ("DELETED", synced.clock())

    # THEN each is asked for once
    synced.pull()
    assert asked == [{EntityId("CAMPAIGN", "333", "333")}, {CAMPAIGN}]


def test_lists_that_are_cut_change_nothing(synced: Synced) -> None:
    synced.rows(row(D, "111", 40, ad="999"))
    synced.pull()
    synced.vendors.world.names["111"] = "B"
    synced.vendors.faults.append(Fault("searchStream", "truncate"))
    assert synced.run(synced.job()).status == "WAITING"
    assert _one(synced).name == "Campaign 111"


def test_a_throttled_list_waits_as_numbers_do(synced: Synced) -> None:
    synced.vendors.faults.append(Fault("searchStream", "reply", google.throttled(30)))
    assert synced.run(synced.job()).status == "WAITING"
    assert synced.files() == 0


def test_a_backfill_reads_no_lists_that_are_fresh(synced: Synced) -> None:
    synced.rows(row(D, "111", 40))
    synced.pull()
    asked = len(synced.vendors.asked("searchStream"))
    synced.vendors.world.now_ms += 60_000
    job = synced.run(synced.job(from_day=D, to_day=D))
    assert job.status == "SUCCEEDED"
    assert len(synced.vendors.asked("searchStream")) == asked + 3


def test_a_page_of_ads_of_a_campaign(synced: Synced) -> None:
    synced.rows(*(row(D, campaign, 1, ad=ad) for campaign, ad in (("111", "31"), ("111", "32"), ("1112", "41"))))
    synced.pull()
    first = entities.list_entities(synced.who, GOOGLE, ACCOUNT, "AD", campaign_id="111", limit=1)
    second = entities.list_entities(synced.who, GOOGLE, ACCOUNT, "AD", campaign_id="111", limit=1, cursor=first.cursor)
    assert [one.external_id for one in (*first.items, *second.items)] == ["31", "32"]
    assert second.cursor is None
    with pytest.raises(InvalidError, match="cursor"):
        entities.list_entities(synced.who, GOOGLE, ACCOUNT, "GROUP", cursor=first.cursor)


def test_another_organizations_entities_are_unknown(synced: Synced) -> None:
    synced.rows(row(D, "111", 40))
    synced.pull()
    with pytest.raises(NotFoundError):
        entities.list_entities(caller("org_other"), GOOGLE, ACCOUNT, "CAMPAIGN")
