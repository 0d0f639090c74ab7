"""Where visitors are: looked up where a GeoIP database is configured, and the address itself never kept."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from optiq.collect import places
from optiq.collect.places import NOWHERE, Place, PlaceFile
from optiq.journeys.lake import SESSIONS
from optiq.kernel.clock import system_clock, to_rfc3339
from optiq.kernel.events import EventAccepted, encode
from optiq.kernel.lake_tables import latest_rows
from optiq.ports import wiring
from optiq.tenancy.contracts import NewSite

from functions.collect import beacon
from infra.local.home import ROOT
from tests.functional.collect.posting import basic, on_the_stream, post, post_measurement
from tests.functional.pipeline import Pipeline
from tests.functional.senders import request, send_pixel, send_segment

BERLIN, FRANCE, NEW_YORK = "203.0.113.9", "198.51.100.7", "2001:db8::1"
NOBODYS = "192.0.2.1"
URL = "https://shop.example/"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database of MaxMind's City kind."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoLite2-City")
    berlin = {"country": {"iso_code": "DE"}, "city": {"names": {"de": "Berlin (de)", "en": "Berlin"}}}
    writer.insert_network(IPSet(["203.0.113.0/24"]), berlin)
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"country": {"iso_code": "FR"}})
    writer.insert_network(
        IPSet(["2001:db8::/32"]), {"country": {"iso_code": "US"}, "city": {"names": {"en": "New York"}}}
    )
    path = tmp_path_factory.mktemp("geoip") / "city.mmdb"
    writer.to_db_file(str(path))
    return path


@pytest.fixture
def configured(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FILE", PlaceFile(str(database)))


def _send_from(address: str, site: NewSite, **event: Any) -> None:
    complete = {"kind": "page", "event_id": "v1.1", "timestamp": to_rfc3339(system_clock()), "url": URL} | event
    posted = request("POST", "/b", json.dumps({"k": site.public_key, "events": [complete]}))
    posted["requestContext"]["http"]["sourceIp"] = address
    assert beacon.handler(posted, None)["statusCode"] == 202


def _accepted(pipeline: Pipeline) -> list[EventAccepted]:
    accepted, rejected = on_the_stream(pipeline)
    assert rejected == []
    return accepted


def _places(pipeline: Pipeline) -> list[tuple[str, str]]:
    return [(event.country, event.city) for event in _accepted(pipeline)]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (BERLIN, Place("DE", "Berlin")),
        (FRANCE, Place("FR", "")),
        (NEW_YORK, Place("US", "New York")),
        (NOBODYS, NOWHERE),
        ("no address", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_an_address_is_somewhere_or_nowhere(database: Path, address: str, place: Place) -> None:
    assert PlaceFile(str(database)).place_of(address) == place


@pytest.mark.parametrize("record", ["text", {"country": "DE"}, {"country": {"iso_code": 7}, "city": []}])
def test_a_record_of_another_shape_is_nowhere(tmp_path: Path, record: object) -> None:
    writer = MMDBWriter()
    writer.insert_network(IPSet(["203.0.113.0/24"]), record)
    writer.to_db_file(str(tmp_path / "odd.mmdb"))

    assert PlaceFile(str(tmp_path / "odd.mmdb")).place_of(BERLIN) == NOWHERE


@pytest.mark.usefixtures("configured")
def test_a_page_is_seen_where_its_request_comes_from_and_the_address_goes_no_further(
    site: NewSite, pipeline: Pipeline
) -> None:
    _send_from(BERLIN, site, anonymous_id="v1")

    (event,) = _accepted(pipeline)
    assert (event.country, event.city) == ("DE", "Berlin")
    assert BERLIN.encode() not in encode(event)


@pytest.mark.usefixtures("configured")
def test_of_who_is_known_by_no_id_only_the_country_is_told(site: NewSite, pipeline: Pipeline) -> None:
    _send_from(BERLIN, site)
    send_pixel(k=site.public_key)
    send_pixel(k=site.public_key, a="v1")

    assert sorted(_places(pipeline)) == [("DE", ""), ("DE", ""), ("DE", "Berlin")]


@pytest.mark.usefixtures("configured")
def test_a_server_states_its_visitors_address_and_its_own_is_nobodys(site: NewSite, pipeline: Pipeline) -> None:
    def message(**context: object) -> dict[str, object]:
        return {"type": "page", "userId": "u1", "context": context}

    batch = {"batch": [message(ip=FRANCE), message(), message(ip=["odd"])], "context": {"ip": NEW_YORK}}
    for body in ({"batch": [message()]}, batch):
        assert post("batch", body, **basic(site.write_key))["statusCode"] == 200

    events = _accepted(pipeline)
    assert [(event.country, event.city) for event in events] == [("", ""), ("FR", ""), ("US", "New York"), ("", "")]
    assert not [event for event in events if FRANCE.encode() in encode(event) or NEW_YORK.encode() in encode(event)]


@pytest.mark.usefixtures("configured")
def test_googles_stated_place_goes_before_its_stated_address(site: NewSite, pipeline: Pipeline) -> None:
    paris = {"country_id": "fr", "city": "Paris"}
    said: list[dict[str, object]] = [
        {},
        {"ip_override": BERLIN},
        {"ip_override": BERLIN, "user_location": paris},
        {"ip_override": BERLIN, "user_location": "somewhere"},
        {"ip_override": 7, "user_location": {"country_id": "France", "city": ["Paris"]}},
    ]
    for more in said:
        body = {"client_id": "1.2", "events": [{"name": "login"}], **more}
        assert post_measurement(site.write_key, body)["statusCode"] == 204

    assert _places(pipeline) == [("", ""), ("DE", "Berlin"), ("FR", "Paris"), ("DE", "Berlin"), ("", "")]


def test_without_a_database_nobody_is_anywhere(site: NewSite, pipeline: Pipeline) -> None:
    _send_from(BERLIN, site, anonymous_id="v1")

    assert _places(pipeline) == [("", "")]


@pytest.mark.usefixtures("configured")
def test_a_session_is_where_its_first_event_was_that_is_known(site: NewSite, pipeline: Pipeline) -> None:
    now = system_clock()
    for number, address in enumerate([None, FRANCE, BERLIN]):
        context = {"page": {"url": URL}, "ip": address}
        message = {"anonymousId": "v1", "timestamp": to_rfc3339(now - 9_000 + number), "context": context}
        send_segment(site, "page", message)
        pipeline.drain()

    sql = f"SELECT country, city, events FROM ({latest_rows(SESSIONS, 'site_id = ?')}) WHERE NOT deleted"
    assert wiring.query().run(sql, site.site.organization_id, [site.site.site_id]).rows == [("FR", "", 3)]


def _start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("broken", [True, False])
def test_a_database_that_cannot_be_read_ends_the_start(tmp_path: Path, broken: bool) -> None:
    path = tmp_path / "city.mmdb"
    if broken:
        path.write_bytes(b"not a database" * 100)

    started = _start("import functions.collect.beacon", OPTIQ_GEOIP=str(path))

    assert started.returncode == 1
    assert f"OPTIQ_GEOIP: '{path}' cannot be read" in started.stderr.splitlines()[-1]


@pytest.mark.parametrize(("configured_now", "loaded"), [(False, "False"), (True, "True")])
def test_only_who_has_a_database_pays_for_its_reader(database: Path, configured_now: bool, loaded: str) -> None:
    started = _start(
        "import sys, functions.collect.beacon; print('maxminddb' in sys.modules)",
        OPTIQ_GEOIP=str(database) if configured_now else "",
    )

    assert started.stdout.strip() == loaded
