"""CONNECTION_ERROR and NO_DATA of a site's advertising connections."""

from dataclasses import replace
from datetime import timedelta

import pytest
from optiq.ads.connections.contracts import Connection
from optiq.ads.connections.stores import CONNECTIONS
from optiq.ads.sync import api as ads
from optiq.ads.sync.contracts import ConnectionHealth
from optiq.alerts import api as alerts
from optiq.alerts.telling import api as telling
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS
from optiq.ports import wiring

from tests.functional.alerts.telling import deliver
from tests.functional.alerts.watching import TUESDAY, Watched
from tests.functional.sharing.mailing import Carrier

DAY = timedelta(days=1)
META = ConnectionHealth("adconn_meta", "Meta", ("701",), "CONNECTED", "", "user_ann", 0, "", 8 * HOUR_MS)


class Platforms:
    """The connections of a site, as the ads context has them."""

    def __init__(self, *health: ConnectionHealth) -> None:
        self.health = health

    def __call__(self, *_: object, **__: object) -> tuple[ConnectionHealth, ...]:
        return self.health


@pytest.fixture
def platforms(monkeypatch: pytest.MonkeyPatch) -> Platforms:
    found = Platforms(META)
    monkeypatch.setattr(ads, "connections_health", found)
    return found


def titles(watched: Watched) -> list[str]:
    return [one.title for one in telling.told(watched.caller, watched.site_id, watched.alerts)]


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (
            {"status": "REAUTH_REQUIRED", "reason": "Meta accepts the permission no more (190): connect again"},
            "Meta accepts the permission no more (190): connect again",
        ),
        ({"failures": 3, "failing": "code 2, later"}, "Meta could not be read 3 times in a row: code 2, later"),
        ({"late_ms": 40 * HOUR_MS}, "The numbers of Meta are 40 hours late"),
    ],
)
def test_a_connection_that_fails_is_one_alert_until_it_works(
    watched: Watched, platforms: Platforms, change: dict[str, object], title: str
) -> None:
    rule = watched.rule("CONNECTION_ERROR")
    assert watched.sweep() == 0
    platforms.health = (replace(META, **change),)  # type: ignore[arg-type]

    changes = [watched.sweep(), watched.sweep()]
    watched.now_ms += HOUR_MS
    changes.append(watched.sweep())
    assert (changes, titles(watched), watched.notices) == ([1, 0, 0], [title], ["TRIGGERED"])
    assert watched.state(rule).outcome == "BREACH"

    platforms.health = (META,)
    watched.now_ms += HOUR_MS
    assert watched.sweep() == 1
    assert (watched.alert.status, watched.notices) == ("RESOLVED", ["TRIGGERED", "RESOLVED"])


@pytest.mark.parametrize("change", [{"failures": 2, "failing": "code 2"}, {"late_ms": 35 * HOUR_MS}])
def test_a_connection_that_is_a_little_behind_is_no_alert(
    watched: Watched, platforms: Platforms, change: dict[str, object]
) -> None:
    watched.rule("CONNECTION_ERROR")
    platforms.health = (replace(META, **change),)  # type: ignore[arg-type]

    assert watched.sweep() == 0
    assert not watched.alerts


def test_a_connection_that_works_is_written_once(watched: Watched, platforms: Platforms) -> None:
    rule = watched.rule("CONNECTION_ERROR")
    watched.sweep()
    version = watched.state(rule).version
    for _ in range(8):
        watched.now_ms += HOUR_MS // 4
        watched.sweep()

    assert watched.state(rule).version == version


def test_each_connection_has_an_alert_of_its_own(watched: Watched, platforms: Platforms) -> None:
    watched.rule("CONNECTION_ERROR")
    other = replace(META, connection_id="adconn_tiktok", title="TikTok", failures=5)
    platforms.health = (replace(META, late_ms=40 * HOUR_MS), other)
    watched.sweep()
    platforms.health = (META, other)
    watched.now_ms += HOUR_MS
    watched.sweep()

    found = {one.connection_id: one.status for one in watched.alerts}
    assert found == {"adconn_meta": "RESOLVED", "adconn_tiktok": "TRIGGERED"}


def test_an_alert_of_a_connection_that_was_disconnected_ends(watched: Watched, platforms: Platforms) -> None:
    watched.rule("CONNECTION_ERROR")
    platforms.health = (replace(META, late_ms=40 * HOUR_MS),)
    watched.sweep()
    platforms.health = ()

    assert [watched.sweep(), watched.sweep()] == [1, 0]
    assert (watched.alert.status, watched.alert.ending) == ("RESOLVED", "DISCONNECTED")


def test_who_connected_is_told(watched: Watched, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    bea = watched.company.hire("VIEWER")
    alerts.set_alert_settings(watched.company.actor(), watched.site_id, addresses=["marketing@shop.example"])
    organization_id = watched.company.organization_id
    connection = Connection(organization_id, "adconn_of_bea", "META", "CONNECTED", bea.user_id, 1, 1)
    CONNECTIONS.add(Caller.system(organization_id), connection)
    carrier = Carrier(wiring.mailer())
    monkeypatch.setattr(wiring, "mailer", lambda: carrier)
    watched.rule("CONNECTION_ERROR")
    platforms.health = (replace(META, connection_id="adconn_of_bea", late_ms=40 * HOUR_MS),)
    watched.sweep()
    deliver(watched)

    assert [mail.subject for mail in carrier.to(bea)] == ["The numbers of Meta are 40 hours late"]
    assert "marketing@shop.example" not in {mail.to for mail in carrier.taken}


def test_late_metrics_are_a_connections_error_and_no_cost(watched: Watched, platforms: Platforms) -> None:
    watched.history(8, conversions=(10, 10), spend=(100, 100))
    watched.rule("CONNECTION_ERROR")
    cpa = watched.rule("CPA_SPIKE")
    watched.on(TUESDAY, conversions=10, spend=None)
    platforms.health = (replace(META, late_ms=40 * HOUR_MS),)
    watched.at(TUESDAY + DAY, hours=16)
    watched.sweep()

    assert watched.state(cpa).outcome == "NO_DATA"
    assert titles(watched) == ["The numbers of Meta are 40 hours late"]


def test_a_day_on_which_nobody_saw_an_ad_is_an_alert_of_its_connection(watched: Watched, platforms: Platforms) -> None:
    watched.history(4, impressions=(3_200, 2_000))
    watched.rule("NO_DATA")
    watched.hours(weeks=4, events=50)
    for day, impressions in ((TUESDAY, 0), (TUESDAY + DAY, 2_900)):
        watched.on(day, impressions=impressions)
        watched.at(day + DAY, hours=7)
        watched.hours(weeks=4, events=50)
        watched.sweep()

    assert titles(watched) == ["No ad of Meta was seen on Tuesday, 24 November; 3,200 impressions are usual"]
    assert (watched.alert.connection_id, watched.alert.status) == (META.connection_id, "RESOLVED")
    assert watched.notices == ["TRIGGERED", "RESOLVED"]
