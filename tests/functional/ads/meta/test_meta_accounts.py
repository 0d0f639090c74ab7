"""Meta's accounts: their money and days, access, and the names of what is deleted."""

from dataclasses import replace

import pytest
from optiq.ads.connections import accounts
from optiq.ads.connections import api as connections
from optiq.ads.entities import api as entities
from optiq.ads.platforms.contract import ClientSettings
from optiq.ads.platforms.reported import EntityId
from optiq.ads.platforms.vendors.meta import Meta
from optiq.ads.sync import api as sync
from optiq.ads.sync import jobs

from infra.local.ad_platforms.server import Vendors
from infra.local.ad_platforms.world import Account
from tests.functional.ads.metas import COLUMNS, MONTH, D, at_its_end, days_of, month, reports_of
from tests.functional.ads.synced import ACCOUNT, META, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker

pytestmark = pytest.mark.usefixtures("table")


def test_a_sync_writes_claims_and_views_of_all_levels(synced: Synced) -> None:
    synced.rows(row(D, "120", 12.34, ad="31", claimed=5, viewed=2, claimed_value=250.5, clicks=40, impressions=1_000))
    synced.pull()
    columns = "spend_micros, clicks, claimed_count_micros, claimed_value_micros, view_through_micros, currency"
    for level in ("ACCOUNT", "CAMPAIGN", "AD"):
        assert synced.latest(D, level, columns) == [(12_340_000, 40, 5_000_000, 250_500_000, 2_000_000, "EUR")]
    assert synced.latest(D, "AD", "entity_id, campaign_id, group_id") == [("31", "120", "7120")]


def test_an_account_of_another_zone_and_currency_keeps_both(
    vendors: Vendors, organization_id: str, make_site: SiteMaker
) -> None:
    vendors.world.now_ms = ms("2026-10-10T16:00:00+00:00")
    synced = Synced(vendors, organization_id, timezone="Asia/Tokyo", platform=META)
    vendors.world.accounts[0] = Account(ACCOUNT, currency="JPY", timezone="Asia/Tokyo")
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    synced.rows(row("2026-10-11", "120", 1_234))
    job = synced.pull()
    assert (job.from_day, job.to_day) == ("2026-09-13", "2026-10-11")
    assert synced.latest("2026-10-11", "CAMPAIGN", "spend_micros, currency") == [(1_234_000_000, "JPY")]


def test_an_account_without_access_leaves_the_other_two(synced: Synced) -> None:
    three = [ACCOUNT, "902", "903"]
    synced.vendors.world.accounts = [Account(one) for one in three]
    connections.refresh_accounts(synced.who, synced.connection_id, synced.clock)
    accounts.choose(synced.who, synced.connection_id, three)
    synced.rows(*days_of((D, 8)))
    synced.pull()
    synced.vendors.world.accounts[0].denied = True
    statuses = {}
    for one in three:
        job = at_its_end(synced, sync.start_sync(synced.who, META, one, clock=synced.clock))
        statuses[one] = job.status, job.reason
    assert statuses == {ACCOUNT: ("FAILED", "META: 200"), "902": ("SUCCEEDED", ""), "903": ("SUCCEEDED", "")}
    found = connections.list_accounts(synced.who, synced.connection_id, limit=10, cursor=None).items
    assert [one.status for one in found] == ["NO_ACCESS", "ACTIVE", "ACTIVE"]
    assert connections.get_connection(synced.who, synced.connection_id).status == "CONNECTED"
    assert synced.spend(D) == 8


def test_a_deleted_campaign_has_its_name_by_its_id(synced: Synced) -> None:
    # GIVEN campaigns that were listed once, of which one is deleted and called otherwise since
    synced.rows(*days_of((D, 8)), row("2026-09-20", "130", 5))
    synced.pull()
    before = synced.latest("2026-09-20", "CAMPAIGN", COLUMNS)
    synced.at("2026-10-03T04:00:00+02:00")
    synced.vendors.world.unlisted |= {"130"}
    synced.vendors.world.names["130"] = "Deleted one"
    synced.pull()

    key = (synced.organization_id, META, ACCOUNT)
    found = {one.id: one for one in entities.entities_of(key)}
    gone = found[EntityId("CAMPAIGN", "130", "130")]
    assert (gone.name, gone.platform_status, gone.gone_ms) == ("Deleted one", "DELETED", synced.clock())
    assert synced.latest("2026-09-20", "CAMPAIGN", COLUMNS) == before
    ad = found[EntityId("AD", "31", "120", "7120")]
    assert (ad.name, ad.platform_status, ad.gone_ms) == ("Ad 31", "ACTIVE", None)
    assert found[EntityId("GROUP", "7120", "120", "7120")].name == "Group 7120"


def test_an_id_that_nobody_knows_any_more_leaves_the_others(synced: Synced) -> None:
    """Of sixty that left the lists, Meta knows fifty-nine."""
    rows = [row(D, str(200 + number), 1) for number in range(60)]
    synced.rows(*rows)
    synced.pull()
    synced.at("2026-10-03T04:00:00+02:00")
    synced.vendors.world.unlisted |= {one.campaign for one in rows}
    synced.rows(*rows[:-1])
    synced.pull()
    found = entities.entities_of((synced.organization_id, META, ACCOUNT))
    assert len([one for one in found if one.gone_ms == synced.clock()]) == 60
    assert sorted(one.external_id for one in found if one.platform_status != "DELETED") == ["259"]


def test_a_request_proves_that_it_knows_the_apps_secret(vendors: Vendors) -> None:
    vendors.world.client_secret = "app-secret"
    vendors.world.granted["EAAtoken"] = None
    client = ClientSettings("optiq-app", "app-secret", {**Meta.defaults, "api": f"{vendors.url}/meta"})
    assert Meta(client).accounts("EAAtoken") == []
    proof = "9f9f0867bc3df2d00cecd6aa6fb78e65b64c050401bd6ec5b84d98503d443d34"
    assert vendors.heard[-1].query["appsecret_proof"] == proof


def test_no_address_has_a_token(synced: Synced) -> None:
    synced.rows(*month())
    synced.pull(**MONTH)
    asked = [one for one in synced.vendors.heard if "/act_" in one.path or "/60239" in one.path]
    assert len(asked) > 10
    for one in asked:
        said = f"{one.path}{one.query}{one.body}"
        assert not [token for token in (*synced.vendors.world.granted, "app-secret-of-optiq") if token in said]
        assert one.headers["authorization"].startswith("Bearer EAA-long-secret")


def test_a_job_that_ends_leaves_nothing_to_take_up(synced: Synced) -> None:
    synced.rows(*month())
    job = synced.pull(**MONTH)
    jobs.write(job, replace(job, status="QUEUED", next_to=job.to_day))
    synced.run(job)
    assert len(reports_of(synced)) == 4
