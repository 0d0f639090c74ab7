"""Work in the background of every context: listed, run again once, stopped; and jobs that were started together."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from optiq.ads.sync import jobs as syncs
from optiq.ads.sync.contracts import SyncJob
from optiq.attribution.recomputing import jobs as recomputes
from optiq.audit import api as audit
from optiq.kernel.background_jobs import BackgroundJob, Batch, batch_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import id_from, new_id
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.jobs import api as jobs
from optiq.ports import wiring
from optiq.tenancy import api as tenancy

STAFF = Caller(PLATFORM, "user_staff", "user_staff")


class Machines:
    """In place of workflows. Attributes: started: names of executions; the same name again starts nothing."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, _machine: str, execution_name: str, _input: str) -> None:
        if execution_name not in self.started:
            self.started.append(execution_name)


@pytest.fixture
def machines(table: object, monkeypatch: pytest.MonkeyPatch) -> Machines:
    found = Machines()
    monkeypatch.setattr(wiring, "workflows", lambda: found)
    return found


@pytest.fixture
def organization(machines: Machines) -> str:
    return tenancy.create_site(name="Shop", domains=["shop.example"]).site.organization_id


def _recompute(organization_id: str, job_id: str = "") -> str:
    (site,) = [one for one in tenancy.all_sites() if one.organization_id == organization_id][:1]
    now_ms = system_clock()
    caller = Caller.system(organization_id)
    started = recomputes.start(
        caller, site.site_id, "2026-11-01", "2026-11-02", job_id or new_id("job", now_ms), now_ms
    )
    return started.job_id


def _listed(organization_id: str) -> list[BackgroundJob]:
    return list(jobs.list_jobs(organization_id=organization_id).items)


def _retry(organization_id: str, job_id: str, kind: str = "recompute") -> BackgroundJob:
    return jobs.act_on(STAFF, organization_id=organization_id, kind=kind, job_id=job_id, act="RETRY")


def test_a_failed_job_that_is_run_again_runs_once_and_lists_both_attempts(
    organization: str, machines: Machines
) -> None:
    job_id = _recompute(organization)
    recomputes.finish(organization, job_id, ["the lake could not be read"])
    with ThreadPoolExecutor(4) as pool:
        for answer in [pool.submit(_retry, organization, job_id) for _ in range(4)]:
            assert answer.result().status == "QUEUED"
    assert machines.started == [job_id, f"{job_id}-1"]
    recomputes.finish(organization, job_id, [])

    (job,) = _listed(organization)
    assert [(one.number, one.status, one.reason) for one in job.attempts] == [
        (1, "FAILED", "the lake could not be read"),
        (2, "SUCCEEDED", ""),
    ]
    assert job.attempts[0].ended_ms is not None
    assert job.ended_ms is not None
    with pytest.raises(ConflictError, match="has SUCCEEDED: only a failed one"):
        _retry(organization, job_id)
    actions = [one.change.action for one in audit.entries(organization, actor="user_staff").items]
    assert "recompute.retried" in actions
    assert "data.accessed" in actions


def test_a_retry_that_was_killed_before_it_started_starts_at_the_next_call(
    organization: str, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = _recompute(organization)
    recomputes.finish(organization, job_id, ["no"])
    with monkeypatch.context() as killed:
        killed.setattr(recomputes, "_run", _killed)
        with pytest.raises(KeyboardInterrupt):
            _retry(organization, job_id)
    assert machines.started == [job_id]
    for _ in range(2):
        _retry(organization, job_id)

    assert machines.started == [job_id, f"{job_id}-1"]


def _killed(_: object) -> None:
    raise KeyboardInterrupt


def test_of_a_batch_of_10_two_failed(organization: str) -> None:
    midnight_ms = system_clock() // DAY_MS * DAY_MS
    ids = [_recompute(organization, id_from("job", midnight_ms, f"{organization} {n}")) for n in range(10)]
    assert _batch(organization).pending == 10
    assert _batch(organization).finished_ms is None
    for number, job_id in enumerate(ids):
        recomputes.finish(organization, job_id, ["no"] if number in (3, 7) else [])

    batch = _batch(organization)
    assert (batch.total, batch.pending, batch.failed) == (10, 0, 2)
    assert set(batch.failed_job_ids) == {ids[3], ids[7]}
    assert batch.finished_ms is not None
    assert batch.cancelled_ms is None


def _batch(organization_id: str) -> Batch:
    return batch_of(_listed(organization_id))


def test_a_reading_of_an_account_that_failed_reads_again_what_is_left(organization: str, machines: Machines) -> None:
    now_ms = system_clock()
    days = ("2026-11-01", "2026-11-09", "2026-11-05")
    job = SyncJob(organization, new_id("adsync", now_ms), "MANUAL", "META", "1", "QUEUED", *days, now_ms)
    syncs.create(Caller.system(organization), job, audited=False)
    syncs.fail(syncs.JOBS.get(Caller.system(organization), job.sync_id), "the platform refuses")
    _retry(organization, job.sync_id, "ad_sync")

    (listed,) = [one for one in _listed(organization) if one.kind == "ad_sync"]
    assert [one.status for one in listed.attempts] == ["FAILED", "QUEUED"]
    assert syncs.JOBS.get(Caller.system(organization), job.sync_id).next_to == "2026-11-05"
    assert machines.started == [f"{job.sync_id}-0", f"{job.sync_id}-1"]


def test_a_job_is_stopped_and_only_its_own_organization_has_it(organization: str) -> None:
    job_id = _recompute(organization)
    other = tenancy.create_site(name="Other", domains=["other.example"]).site.organization_id
    with pytest.raises(NotFoundError):
        jobs.act_on(STAFF, organization_id=other, kind="recompute", job_id=job_id, act="CANCEL")
    with pytest.raises(InvalidError, match="kind: must be one of ad_sync, recompute"):
        jobs.act_on(STAFF, organization_id=organization, kind="x", job_id=job_id, act="CANCEL")

    assert (
        jobs.act_on(STAFF, organization_id=organization, kind="recompute", job_id=job_id, act="CANCEL").status
        == "CANCELLED"
    )
    assert job_id not in {one.job_id for one in _listed(other)}
    assert job_id in {one.job_id for one in jobs.list_jobs(status="CANCELLED").items}
