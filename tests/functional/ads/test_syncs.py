"""Jobs that read accounts: on time, within quotas, one for an account at a time, and on both substrates' workflow."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from optiq.ads.connections.contracts import AdAccount
from optiq.ads.connections.stores import ACCOUNTS
from optiq.ads.sync import api as sync
from optiq.ads.sync import budgets, jobs, planning, stepping
from optiq.ads.sync.contracts import SyncJob
from optiq.ads.sync.days import latest_turn_ms
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, utc_day
from optiq.kernel.errors import ConflictError, InvalidError, LimitExceededError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.ports import wiring

from functions.ads import start_due
from infra.local.ad_platforms import google
from infra.local.ad_platforms.server import Fault, Vendors
from infra.local.ad_platforms.world import Reply
from infra.local.workflow_runner import WorkflowRunner
from tests.functional.ads.synced import ACCOUNT, GOOGLE, Synced, ms, row
from tests.functional.reports.conftest import SiteMaker
from tests.support.workflows import call_here, own_runner

pytestmark = pytest.mark.usefixtures("table")
D = "2026-10-01"


@pytest.fixture
def synced(vendors: Vendors, organization_id: str, make_site: SiteMaker) -> Synced:
    vendors.world.now_ms = ms("2026-10-02T12:00:00+02:00")
    return Synced(vendors, organization_id)


@pytest.fixture
def runner() -> Iterator[WorkflowRunner]:
    runner = own_runner(call=call_here)
    yield runner
    runner.close()


def _get(synced: Synced, job: SyncJob) -> SyncJob:
    return sync.get_sync(synced.who, job.sync_id)


def test_a_killed_pull_goes_on_where_it_was(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN thirty days, of which ten were written when the process ended
    job = synced.job(from_day="2026-09-01", to_day="2026-09-30")
    append, written = wiring.lake().append, list[str]()

    def die_at_the_eleventh(table: str, organization_id: str, day: str, *rest: object) -> str:
        if len(written) == 10:
            raise KeyboardInterrupt
        written.append(day)
        return append(table, organization_id, day, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(wiring.lake(), "append", die_at_the_eleventh)
        with pytest.raises(KeyboardInterrupt):
            synced.run(job)

    # WHEN it runs again THEN it writes the other twenty
    done = synced.run(job)
    assert (done.status, done.days_changed, done.days_unchanged) == ("SUCCEEDED", 20, 10)
    assert synced.files() == 30


def test_forty_months_are_read_as_far_as_the_platform_knows(synced: Synced) -> None:
    job = synced.job(from_day="2023-06-02")
    assert (job.kind, job.from_day, job.to_day) == ("BACKFILL", "2023-09-02", "2026-10-02")
    assert job.note == "Google Ads knows 37 months: read from 2023-09-02, not 2023-06-02"


def test_a_second_job_waits_for_the_account(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a job that reads, and another for the same account
    synced.rows(row(D, "111", 40))
    first, second = synced.job(), synced.job()
    real = stepping.pull

    def meanwhile(*arguments: object, **options: object) -> object:
        waiting = sync.step_sync(synced.organization_id, second.sync_id, synced.clock)
        assert waiting.status == "WAITING"
        assert waiting.reason.startswith("another job reads this account")
        return real(*arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(stepping, "pull", meanwhile)
        assert synced.run(first).status == "SUCCEEDED"

    # WHEN its time has come THEN it reads
    synced.at("2026-10-02T12:02:00+02:00")
    sync.start_due_syncs(synced.clock)
    assert _get(synced, second).status == "QUEUED"
    assert synced.run(second).status == "SUCCEEDED"


def test_a_cancelled_job_ends_after_its_step(synced: Synced) -> None:
    job = synced.job(from_day="2026-08-01", to_day="2026-09-30")
    stepped = sync.step_sync(synced.organization_id, job.sync_id, synced.clock)
    assert (stepped.status, stepped.next_to) == ("RUNNING", "2026-08-30")

    assert sync.cancel_sync(synced.who, job.sync_id).status == "CANCELLED"
    assert synced.run(job).status == "CANCELLED"
    assert synced.files() == 31
    assert sync.cancel_sync(synced.who, job.sync_id).status == "CANCELLED"


def test_a_job_that_is_over_cannot_be_cancelled(synced: Synced) -> None:
    job = synced.pull()
    with pytest.raises(ConflictError, match="the job has SUCCEEDED already"):
        sync.cancel_sync(synced.who, job.sync_id)


def test_a_throttled_job_waits_and_asks_nothing_meanwhile(synced: Synced) -> None:
    # GIVEN Google, which wants thirty seconds
    synced.rows(row(D, "111", 40))
    synced.vendors.faults.append(Fault("searchStream", "reply", google.throttled(30)))
    job = synced.run(synced.job())
    assert (job.status, job.not_before_ms) == ("WAITING", synced.clock() + 30_000)
    assert job.reason.startswith("GOOGLE_ADS: RESOURCE_TEMPORARILY_EXHAUSTED: goes on at 2026-10-02T10:00:30")
    asked = len(synced.vendors.asked("searchStream"))

    # WHEN the time is not over THEN nobody asks
    synced.at("2026-10-02T12:00:29+02:00")
    sync.start_due_syncs(synced.clock)
    assert synced.run(job).status == "WAITING"
    assert len(synced.vendors.asked("searchStream")) == asked

    # AND afterwards it reads
    synced.at("2026-10-02T12:00:31+02:00")
    sync.start_due_syncs(synced.clock)
    assert synced.run(job).status == "SUCCEEDED"
    assert synced.spend(D) == 40


def test_a_platform_that_fails_is_tried_less_and_less_often(synced: Synced) -> None:
    synced.vendors.faults.append(Fault("searchStream", "reply", Reply(503, {}), lasting=True))
    job, waits = synced.run(synced.job()), []
    while job.status == "WAITING":
        assert job.not_before_ms
        waits.append((job.not_before_ms - synced.clock()) // 1_000)
        synced.vendors.world.now_ms = job.not_before_ms
        job = synced.run(jobs.go_on(_get(synced, job)))
    assert waits == [30, 60, 120, 240, 480]
    assert (job.status, job.reason) == ("FAILED", "GOOGLE_ADS: HTTP_503, 6 times")


def test_a_revoked_permission_fails_the_job(synced: Synced) -> None:
    synced.vendors.world.revoke()
    job = synced.run(synced.job())
    assert (job.status, job.reason) == ("FAILED", "GOOGLE_ADS: invalid_grant")
    assert synced.run(synced.job()).reason == "the connection must be connected again"


def test_a_day_has_one_daily_job(synced: Synced) -> None:
    synced.pull()
    for _ in range(3):
        sync.start_due_syncs(synced.clock)
    assert [one.kind for one in sync.list_syncs(synced.who).items] == ["MANUAL", "DAILY_SYNC"]

    synced.at("2026-10-03T12:00:00+02:00")
    sync.start_due_syncs(synced.clock)
    assert len(sync.list_syncs(synced.who).items) == 3


def test_an_account_is_due_at_four_of_its_own_day() -> None:
    turn = latest_turn_ms("Asia/Tokyo", (4,), 90_000, ms("2026-10-02T03:59:00+09:00"))
    assert turn == ms("2026-10-01T04:01:30+09:00")
    assert latest_turn_ms("Asia/Tokyo", (4,), 90_000, ms("2026-10-02T04:02:00+09:00")) == turn + 24 * HOUR_MS


def test_a_quota_takes_the_longest_unread_first(
    vendors: Vendors, monkeypatch: pytest.MonkeyPatch, organization_id: str
) -> None:
    """2,880 operations at five each are 576 accounts of a thousand; the other 424 are the first of the next day."""
    # GIVEN a thousand accounts and the quota of Explorer access, on a day of this test alone
    accounts = [_account(organization_id, f"{number:04d}") for number in range(1_000)]
    plans = dict[tuple[str, str, str], planning.AccountState]()
    created = list[str]()
    taken = iter([True] * 576 + [False] * 424 + [True] * 576 + [False] * 1_000)
    monkeypatch.setattr(planning.ACCOUNTS.__class__, "in_index", lambda self, *_: accounts if self is ACCOUNTS else [])
    monkeypatch.setattr(
        planning.state, "of_accounts", lambda keys: {k: plans.get(k, planning.AccountState()) for k in keys}
    )
    monkeypatch.setattr(
        planning.state,
        "plan",
        lambda key, turn, _: plans.__setitem__(key, planning.AccountState(planned_ms=turn.at_ms)),
    )
    monkeypatch.setattr(planning.jobs, "create", lambda caller, job, audited: created.append(job.external_id))
    monkeypatch.setattr(planning.budgets, "take", lambda *_: next(taken))

    # WHEN two days are planned
    first = sync.start_due_syncs(lambda: ms("2026-10-02T12:00:00+02:00"))
    today, created[:] = set(created), []
    second = sync.start_due_syncs(lambda: ms("2026-10-03T12:00:00+02:00"))

    # THEN
    assert (first["created"], first["over_quota"]) == (576, 424)
    assert set(created[:424]) == {one.external_id for one in accounts} - today
    assert second["created"] == 576


def test_a_quota_is_never_passed(vendors: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    ads = {"client_id": "x", "client_secret": "y", "operations_per_day": "2880"}
    monkeypatch.setattr(wiring, "oauth_clients", lambda: vendors.clients(GOOGLE_ADS=ads))
    day_ms = ms("2031-01-01T00:00:00+00:00")
    assert budgets.take(GOOGLE, day_ms, 570 * budgets.PULL)
    taken = [budgets.take(GOOGLE, day_ms, budgets.PULL) for _ in range(8)]
    assert taken == [True] * 6 + [False] * 2  # 576 of them.
    assert budgets.take(GOOGLE, day_ms + 24 * HOUR_MS, budgets.PULL)
    assert utc_day(day_ms) == "2031-01-01"


def _account(organization_id: str, external_id: str) -> AdAccount:
    return AdAccount(organization_id, GOOGLE, external_id, "adcon_x", "Acme", "EUR", "Europe/Berlin", 0, chosen=True)


def test_the_workflow_reads_an_account(synced: Synced, runner: WorkflowRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """By statemachines/ad_sync.asl.json, as one machine runs it: two steps of a backfill."""
    synced.rows(row("2026-09-01", "111", 40), row("2026-08-22", "111", 2))
    job = synced.job(from_day="2026-08-22", to_day="2026-09-30")
    while runner.run_next():
        pass
    done = _get(synced, job)
    assert (done.status, done.days_changed, done.next_to) == ("SUCCEEDED", 40, "")
    assert synced.spend("2026-08-22") == 2


def test_the_workflow_says_why_it_failed(synced: Synced, runner: WorkflowRunner) -> None:
    """An error that no step expects: the account is gone."""
    job = synced.job()
    jobs.write(job, replace(job, external_id="999"))
    while runner.run_next():
        pass
    failed = _get(synced, job)
    assert failed.status == "FAILED"
    assert "NotFoundError" in failed.reason


def test_the_clock_starts_what_is_due(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    assert start_due.handler({}, None)["created"] >= 1
    assert [one.kind for one in sync.list_syncs(synced.who).items] == ["BACKFILL"]


def test_an_account_must_be_there_and_chosen(synced: Synced) -> None:
    with pytest.raises(NotFoundError):
        sync.start_sync(Caller.system(new_id("org", 1)), GOOGLE, ACCOUNT)
    with pytest.raises(InvalidError, match="from"):
        synced.job(from_day="2026-09-02", to_day="2026-09-01")
    account = ACCOUNTS.get(synced.who, GOOGLE, ACCOUNT)
    ACCOUNTS.change(synced.who, account, replace(account, chosen=False))
    with pytest.raises(InvalidError, match="external_id: this account is not chosen"):
        synced.job()


def test_a_job_by_hand_respects_the_quota(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "take_spare", lambda *_: False)
    with pytest.raises(LimitExceededError, match="quota of today is used up"):
        synced.job()
