"""A full recomputation of a million touches through the embedded workflow, against reading the same lake data.

Everything is in it: the start of the job, the steps of the workflow, queries, models, comparison, files; but for what
a worker imports at its first job, which is measured apart. The lake's files are made directly, a file for each table
and day.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from optiq.kernel.caller import Caller
from optiq.kernel.clock import DAY_MS, system_clock, utc_day
from optiq.kernel.lake_tables import LakeTable

from infra.local.system import attach
from tests.performance.figures import Figure

_SEED = 12
_CONVERSION_DAYS, _PAST_DAYS = 30, 60
_FIRST_DAY_MS = (system_clock() // DAY_MS - _CONVERSION_DAYS - _PAST_DAYS) * DAY_MS
"""So that the models that learn have all of it to learn from."""
_CHANNELS = ("Direct", "Email", "Paid Search", "Organic Search", "Paid Social", "Display", "Referral", "Affiliates")
_CAMPAIGNS = 96
_PAGES = 500
_GOAL = 10.0

Spent = tuple[dict[str, float], float]
"""Seconds by part, the sum as `everything`, and seconds of CPU."""


def measure(touches: int = 1_000_000, conversions: int = 250_000) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, attach(folder, create=True):
        from optiq.tenancy import api as tenancy

        site = tenancy.create_site(name="Shop", domains=["shop.example"], timezone="UTC").site
        _fill_lake(site.organization_id, site.site_id, touches, conversions)
        empty = tenancy.create_site(name="New", domains=["new.example"], timezone="UTC").site
        beginning, _ = _recompute(empty.organization_id, empty.site_id, 0)
        reading = _spent(lambda: _read_all(Path(folder) / "lake"))
        first = _recompute(site.organization_id, site.site_id, conversions)
        again = _recompute(site.organization_id, site.site_id, conversions, whole=True)
        unchanged = _recompute(site.organization_id, site.site_id, 0)
    return [
        Figure("read the lake's touches and conversions, all columns", touches / reading[0]["everything"], "touches/s"),
        Figure("a worker's first job, of a site without conversions: mostly imports", beginning["everything"], "s"),
        _figure("recompute all, nothing stands yet", first, reading),
        _figure("recompute the whole again, everything stands as it should", again, reading),
        _figure("recompute what changed, and nothing has", unchanged, reading),
    ]


def _figure(name: str, recomputing: Spent, reading: Spent) -> Figure:
    parts, cpu = recomputing
    total = parts.pop("everything")
    split = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in parts.items())
    return Figure(
        name,
        total / reading[0]["everything"],
        "x the read",
        goal=_GOAL,
        ratio=f"{cpu / reading[1]:.1f} x its CPU",
        note=f"{total:.2f} s over {reading[0]['everything']:.2f} s; {split} (days are written while the next is made)",
    )


def _recompute(organization_id: str, site_id: str, conversions: int, *, whole: bool = False) -> Spent:
    """What the whole job took.

    Raises:
        RuntimeError: it did not look at every conversion.
    """
    from optiq.attribution import api, lake_reading, learning
    from optiq.attribution.recomputing import partitions, planning
    from optiq.kernel.settings import settings

    from infra.local.workflow_runner import WorkflowRunner
    from tests.support.workflows import call_here

    runner = WorkflowRunner(settings().stream, call=call_here)
    days = utc_day(_FIRST_DAY_MS), utc_day(system_clock())
    spent: dict[str, float] = {}
    with ExitStack() as watched:
        for module, name, what in (
            (learning, "learn", "learning"),
            (planning, "plan", "planning"),
            (lake_reading, "conversions_of", "reading conversions"),
            (lake_reading, "touches_of", "reading touches"),
            (lake_reading, "standing_credits", "reading credits"),
            (partitions, "from_rows", "paths"),
            (partitions, "credit_paths", "models"),
            (partitions, "changed", "comparison"),
            (partitions, "append_day", "writing"),
        ):
            watched.enter_context(_timed(module, name, what, spent))
        started, cpu = time.perf_counter(), time.process_time()
        job = api.start_recompute(
            Caller.system(organization_id), site_id, from_day=days[0], to_day=days[1], whole=whole
        )
        while runner.run_next():
            pass
        spent["everything"] = time.perf_counter() - started
        cpu = time.process_time() - cpu
    runner.close()
    job = api.get_job(Caller.system(organization_id), job.job_id)
    if (job.status, job.conversions) != ("SUCCEEDED", conversions):
        raise RuntimeError(f"{job}")
    return spent, cpu


@contextmanager
def _timed(module: object, name: str, what: str, spent: dict[str, float]) -> Iterator[None]:
    """Counts the seconds spent in a function, as long as this lasts."""
    work = getattr(module, name)

    def timed(*args: object, **kwargs: object) -> object:
        started = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            spent[what] = spent.get(what, 0.0) + time.perf_counter() - started

    setattr(module, name, timed)
    yield
    setattr(module, name, work)


def _read_all(lake: Path) -> int:
    return sum(pq.read_table(file).num_rows for file in lake.glob("[ct]*/*/*/*.parquet"))


def _spent(work: Callable[[], object], repeats: int = 3) -> Spent:
    """The medians of several runs."""
    taken, used = [], []
    for _ in range(repeats):
        started, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - cpu)
    return {"everything": statistics.median(taken)}, statistics.median(used)


def _fill_lake(organization_id: str, site_id: str, touches: int, conversions: int) -> None:
    """Each customer converts once, in the later month, after touches in the time before."""
    from optiq.journeys.lake import CONVERSIONS, TOUCHES

    chance = np.random.default_rng(_SEED)
    customers = pa.array(_ids(chance, "cus", conversions))
    converted_ms = _FIRST_DAY_MS + _PAST_DAYS * DAY_MS + chance.integers(0, _CONVERSION_DAYS * DAY_MS, conversions)
    owners = np.concatenate([np.arange(conversions), chance.integers(0, conversions, touches - conversions)])
    touched_ms = converted_ms[owners] - chance.integers(0, _PAST_DAYS * DAY_MS, touches)
    campaigns = chance.integers(0, _CAMPAIGNS, touches)
    _write(organization_id, TOUCHES, touched_ms, {
        "touch_id": pa.array(_ids(chance, "touch", touches)),
        "site_id": _same(site_id, touches),
        "customer_id": customers.take(owners),
        "session_id": pa.array(_ids(chance, "session", touches)),
        "occurred_at": pa.array(touched_ms, pa.timestamp("ms")),
        "touch_type": _same("LANDING", touches),
        "channel": pa.array(_CHANNELS).take(campaigns % len(_CHANNELS)),
        "source": _named("source", campaigns // 4),
        "medium": _named("medium", campaigns // 16),
        "campaign": _named("campaign", campaigns),
        "term": _same("", touches),
        "content": _named("ad", campaigns * 4 + chance.integers(0, 4, touches)),
        "click_ids": _same("[]", touches),
        "ad_ids": _same("[]", touches),
        "landing_page": _named("/page", chance.integers(0, _PAGES, touches)),
        "referrer_domain": _named("site", campaigns // 4),
        "tagged": pa.array(np.ones(touches, dtype=bool)),
        "channel_rules_version": pa.array(np.ones(touches, dtype=np.int64)),
        "evidence": _same("DETERMINISTIC", touches),
        "revision": pa.array(np.ones(touches, dtype=np.int64)),
        "deleted": pa.array(np.zeros(touches, dtype=bool)),
    })  # fmt: skip
    values = pa.array(chance.integers(0, 500_000_000, conversions))
    _write(organization_id, CONVERSIONS, converted_ms, {
        "conversion_id": pa.array(_ids(chance, "conversion", conversions)),
        "site_id": _same(site_id, conversions),
        "customer_id": customers,
        "event_id": pa.array(_ids(chance, "event", conversions)),
        "name": _same("Order Completed", conversions),
        "occurred_at": pa.array(converted_ms, pa.timestamp("ms")),
        "value_micros": values,
        "gross_micros": values,
        "currency": _same("EUR", conversions),
        "order_id": _same("", conversions),
        "evidence": _same("DETERMINISTIC", conversions),
        "revision": pa.array(np.ones(conversions, dtype=np.int64)),
        "deleted": pa.array(np.zeros(conversions, dtype=bool)),
    })  # fmt: skip


def _write(organization_id: str, table: LakeTable, at_ms: np.ndarray, columns: dict[str, pa.Array]) -> None:
    from optiq.ports import wiring
    from optiq.ports.lake_rows import arrow_schema

    schema = arrow_schema(table)
    order = np.argsort(at_ms, kind="stable")
    rows = pa.table({name: columns[name] for name in schema.names}, schema=schema).take(order)
    days = at_ms[order] // DAY_MS
    for day in np.unique(days).tolist():
        start, end = np.searchsorted(days, [day, day + 1]).tolist()
        wiring.lake().append(table.name, organization_id, utc_day(day * DAY_MS), "part", rows.slice(start, end - start))


def _ids(chance: np.random.Generator, prefix: str, count: int) -> list[str]:
    """A prefix, ten digits of time and sixteen random ones."""
    digits = chance.bytes(8 * count).hex()
    return [f"{prefix}_01JD000000{digits[start : start + 16]}" for start in range(0, 16 * count, 16)]


def _named(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pa.array([f"{prefix} {number}" for number in range(int(numbers.max()) + 1)]).take(numbers)


def _same(text: str, count: int) -> pa.Array:
    return pa.array([text]).take(np.zeros(count, dtype=np.int64))


if __name__ == "__main__":
    for figure in measure():
        print(figure.name, f"{figure.value:,.2f} {figure.unit}", figure.ratio, figure.note, sep="; ")
