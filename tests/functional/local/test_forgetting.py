"""What has had its time counts as absent at once, and is removed by the next sweep; nothing else is."""

import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from optiq.collect.ingest import api as ingest
from optiq.collect.ingest import counting, keys
from optiq.collect.ingest.contracts import FailedEvent, Outcome, failed_event_id_of
from optiq.collect.ingest.records import FailedEventRecord, IngestCountRecord
from optiq.journeys import claims
from optiq.journeys import keys as journey_keys
from optiq.journeys.records import EventClaimRecord
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, HOUR_MS, system_clock, to_rfc3339
from optiq.kernel.settings import settings
from optiq.kernel.table_ending import AnyTemporary, remove_ended
from optiq.notifications import api as notifications
from optiq.ports.log_file import SHARDS, LogFile
from optiq.ports.stream import Record
from optiq.ports.stream_log import LogStream
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import NewSite

from infra.local.forgetting import KEPT_MS, Forgetting, forget_mails
from infra.local.mappings import MAPPINGS
from infra.local.shard_log import RETENTION_MS, ShardLog
from tests.functional.pipeline import Pipeline
from tests.functional.senders import post_segment, send_segment

NOW_MS = system_clock()


@pytest.fixture
def site(table: object) -> NewSite:
    return tenancy.create_site(name="Shop", domains=["shop.example"])


def ids(site: NewSite) -> tuple[str, str]:
    return site.site.organization_id, site.site.site_id


def fail(site: NewSite, age_ms: int, receipt: str, *, known: bool = True) -> None:
    organization_id, site_id = ids(site) if known else ("", "")
    event = FailedEvent(
        organization_id=organization_id,
        site_id=site_id,
        received_ms=NOW_MS - age_ms,
        failed_event_id=failed_event_id_of(NOW_MS - age_ms, receipt),
        source="POST /v1/track",
        reason="bad",
        body=b"{}",
    )
    ingest.keep_failed([event])


def unclaimed(age_ms: int) -> int:
    """How many of a day there are, in all partitions: each has the events whose ids end with a character."""
    day = to_rfc3339(NOW_MS - age_ms)[:10]
    partitions = {keys.unclaimed_event(day, last).pk for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"}
    return sum(FailedEventRecord.count(partition) for partition in partitions)


def asked_by(site: NewSite) -> tuple[Caller, str]:
    organization_id, site_id = ids(site)
    return Caller.system(organization_id), site_id


def failed(site: NewSite) -> int:
    return len(ingest.failed_events(*asked_by(site), limit=100).items)


def of_site(site: NewSite, model: type[FailedEventRecord | IngestCountRecord]) -> int:
    prefix = keys.failed_event(*ids(site), "") if model is FailedEventRecord else keys.ingest_count(*ids(site), "", "")
    return sum(1 for _ in model.query(prefix.pk, model.sk.startswith(prefix.sk.split("#")[0])))


def test_failed_events_end_after_ninety_days_and_those_of_nobody_after_seven(site: NewSite) -> None:
    for age_ms, receipt in ((89 * DAY_MS, "a"), (91 * DAY_MS, "b"), (400 * DAY_MS, "c")):
        fail(site, age_ms, receipt)
    for age_ms in (6 * DAY_MS, 8 * DAY_MS):
        fail(site, age_ms, f"{site.site.site_id}-{age_ms}", known=False)

    # Absent before the sweep, from the list and for a replay.
    assert failed(site) == 1
    assert of_site(site, FailedEventRecord) == 3
    names = [record.failed_event_id for record in FailedEventRecord.query(keys.failed_event(*ids(site), "").pk)]
    assert len(ingest.find_failed(*asked_by(site), names)) == 1
    assert len(counting.replayable(*ids(site), names)) == 1

    assert remove_ended(NOW_MS) >= 3
    assert (failed(site), of_site(site, FailedEventRecord)) == (1, 1)
    assert (unclaimed(6 * DAY_MS) > 0, unclaimed(8 * DAY_MS)) == (True, 0)


def test_failed_events_of_before_ends_were_given_are_swept_too(site: NewSite) -> None:
    for age_ms, receipt in ((89 * DAY_MS, "a"), (91 * DAY_MS, "b")):
        fail(site, age_ms, receipt)
    for record in FailedEventRecord.query(keys.failed_event(*ids(site), "").pk):
        record.update(actions=[FailedEventRecord.forget_at.remove()])

    remove_ended(NOW_MS, also=ingest.past(NOW_MS))

    assert of_site(site, FailedEventRecord) == 1


def test_counts_end_after_two_years(site: NewSite) -> None:
    today = date.fromisoformat(to_rfc3339(NOW_MS)[:10])
    before = date.fromisoformat(to_rfc3339(NOW_MS - 732 * DAY_MS)[:10])
    for day in (today, before):
        ingest.count(*ids(site), day, "0", [Outcome(1, "STORED", NOW_MS)])

    assert ingest.counts(*asked_by(site), first=before, last=today).accepted == 1
    remove_ended(NOW_MS)
    assert of_site(site, IngestCountRecord) == 1


@pytest.mark.parametrize(("days", "failing"), [(0, 1), (90, 1), (claims.KEPT_DAYS - 1, 1), (claims.KEPT_DAYS + 1, 0)])
@pytest.mark.parametrize("swept", [True, False])
def test_an_id_stands_for_its_event_for_as_long_as_it_is_remembered(
    site: NewSite, monkeypatch: pytest.MonkeyPatch, days: int, failing: int, swept: bool
) -> None:
    pipeline = Pipeline()
    send_segment(site, "track", {"event": "E", "userId": "u-1", "messageId": "m"})
    pipeline.drain()

    if swept:
        remove_ended(NOW_MS + days * DAY_MS)
    monkeypatch.setattr(claims, "system_clock", lambda: NOW_MS + days * DAY_MS)
    send_segment(site, "track", {"event": "E", "userId": "u-2", "messageId": "m"})
    pipeline.drain()

    assert failed(site) == failing


def test_what_was_renewed_since_it_was_read_is_spared(site: NewSite, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        EventClaimRecord(
            *journey_keys.event_claim(*ids(site), f"{number}"), digest="", receipt="", occurred_ms=0, forget_at=1
        ).save()
    scan = AnyTemporary.scan

    def renewed(*arguments: object, **named: object) -> object:
        found = list(scan.__func__(*arguments, **named))  # type: ignore[attr-defined]
        EventClaimRecord(
            *journey_keys.event_claim(*ids(site), "1"), digest="", receipt="", occurred_ms=0, forget_at=9**12
        ).save()
        return iter(found)

    monkeypatch.setattr(AnyTemporary, "scan", classmethod(renewed))
    remove_ended(NOW_MS)

    left = [n for n in range(3) if list(EventClaimRecord.query(journey_keys.event_claim(*ids(site), f"{n}").pk))]
    assert left == [1]


def filled(path: str, records: int = 400) -> None:
    stream = LogStream(path)
    stream.put([Record(f"k{number}", "EventAccepted", os.urandom(20_000)) for number in range(records)])
    stream.close()
    log = LogFile(path)
    for mapping in MAPPINGS:
        for shard in range(SHARDS):
            ShardLog(log, mapping.consumer, shard, ()).checkpoint(records)
    log.close()


@pytest.mark.parametrize("old", [False, True], ids=["new file", "file of an older version"])
def test_the_streams_file_shrinks_when_its_records_have_had_their_time(
    tmp_path: Path, table: object, old: bool
) -> None:
    path = str(tmp_path / "stream.db")
    if old:
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE first (a)")
        connection.close()
    filled(path)
    full = Path(path).stat().st_size

    for later_ms, shrunk in ((RETENTION_MS - HOUR_MS, False), (RETENTION_MS + HOUR_MS, True)):
        forgetting = Forgetting(path, str(tmp_path / "events.db"), lambda later_ms=later_ms: system_clock() + later_ms)  # type: ignore[misc]
        forgetting.run_due()
        forgetting.close()
        assert (Path(path).stat().st_size < full / 10) is shrunk

    # And it is as good as before, with its newest record.
    filled(path, 3)
    log = LogFile(path)
    assert log.connection().execute("SELECT count(*) FROM records").fetchone() == (1 + 3,)
    log.close()


def test_batches_given_up_on_and_ended_workflows_are_forgotten_after_ninety_days(tmp_path: Path, table: object) -> None:
    path = str(tmp_path / "stream.db")
    log = LogFile(path)
    for age_ms in (KEPT_MS - HOUR_MS, KEPT_MS + HOUR_MS):
        ago_ms = system_clock() - age_ms
        log.connection().execute("INSERT INTO failed_batches VALUES (NULL, 'journeys', 0, ?, '', '{}')", (ago_ms,))
        log.connection().execute(
            "INSERT INTO executions VALUES ('m', ?, 'SUCCEEDED', '', '', ?, ?)", (str(age_ms), ago_ms, ago_ms)
        )
    log.connection().execute("INSERT INTO executions VALUES ('m', 'waits', 'QUEUED', '', '', 0, NULL)")

    Forgetting(path, str(tmp_path / "events.db")).run_due()

    assert log.connection().execute("SELECT count(*) FROM failed_batches").fetchone() == (1,)
    assert log.connection().execute("SELECT count(*) FROM executions").fetchone() == (2,)
    log.close()


def test_mails_of_the_outbox_are_removed_with_their_entries(tmp_path: Path) -> None:
    for name, days in (("a.eml", 89), ("b.eml", 91), (".c.eml.0f", 91), ("note.txt", 400)):
        file = tmp_path / name
        file.write_text("")
        os.utime(file, (0, NOW_MS / 1000 - days * 86_400))

    assert forget_mails(tmp_path, NOW_MS) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.eml", "note.txt"]
    assert notifications.KEPT_DAYS == 90


def test_the_table_is_swept_once_a_day_whatever_the_clock_did(
    tmp_path: Path, site: NewSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra.local import forgetting

    swept: list[int] = []
    monkeypatch.setattr(forgetting, "remove_ended", lambda now_ms, also: swept.append(now_ms))
    hours = [0, 1, 23, 24, 25, 48, -24 * 400, -24 * 400 + 1, 24 * 400]
    for hour in hours:
        one = Forgetting(
            str(tmp_path / "stream.db"), str(tmp_path / "events.db"), lambda hour=hour: NOW_MS + hour * HOUR_MS
        )  # type: ignore[misc]
        one.run_due()
        one.close()

    assert [(at - NOW_MS) // HOUR_MS for at in swept] == [0, 24, 48, -24 * 400, 24 * 400]


def test_garbage_of_nobody_ends(site: NewSite) -> None:
    pipeline = Pipeline()
    post_segment("wk_nobody", "track", b"garbage")
    pipeline.drain()
    remove_ended(system_clock() + 8 * DAY_MS)

    assert unclaimed(0) == 0
    assert settings().substrate == "embedded"
