"""What a reader of an answer's numbers has to know: what is left out, and why."""

from collections.abc import Iterator, Mapping, Sequence

from optiq.ads.lake import AD_DAILY, AD_HOURLY, AD_METRICS, AD_RESOLUTIONS
from optiq.attribution import api as attribution
from optiq.attribution.contracts import STANDARD_MODELS, Model
from optiq.attribution.lake import CREDITS
from optiq.billing.usage import api as usage
from optiq.collect.ingest import api as ingest
from optiq.journeys.lake import PEOPLE, SESSIONS, TOUCHES
from optiq.kernel.clock import DAY_MS, day_of, days_before, each_day, system_clock
from optiq.ports import wiring
from optiq.ports.lake_days import ALL
from optiq.rates.lake import RATES
from optiq.reports.domain import MAX_DAYS, DayRange
from optiq.reports.lake import STEPS
from optiq.reports.missing import damaged_files
from optiq.reports.questions.asked import Asked
from optiq.reports.questions.catalogue import DIMENSIONS, Source
from optiq.reports.questions.contracts import Note, Number
from optiq.reports.questions.cost_notes import of_costs
from optiq.reports.questions.costs_sql import missing_rates
from optiq.reports.questions.filters import Filters
from optiq.reports.questions.naming import Names
from optiq.reports.questions.resolved_sql import OF_PLATFORMS
from optiq.reports.questions.sources_sql import not_computed
from optiq.reports.steps.watermark import damaged_sources

_TABLES: Mapping[Source, tuple[str, ...]] = {
    "visits": (SESSIONS.name, TOUCHES.name),
    "events": (STEPS.name, PEOPLE.name),
    "ledger": (CREDITS.name, RATES.name),
    "ads": (AD_METRICS.name, RATES.name),
}


def tables_read(asked: Asked) -> dict[str, tuple[str, str]]:
    """The tables that a question reads, each with the first and the last day."""
    read = {name: _days_read(asked, name) for source in asked.sums for name in _TABLES[source]}
    if "ledger" in asked.sums and {DIMENSIONS[name].columns.get("ledger") for name in asked.named} & {*OF_PLATFORMS}:
        first, last = read[CREDITS.name]
        read[AD_RESOLUTIONS.name] = (days_before(first, MAX_DAYS) if first else first, last)
    if asked.part.costs.owners:
        first, last = _days_read(asked, AD_DAILY.name)
        wide = days_before(first, 1), days_before(last, -1)
        read |= {AD_DAILY.name: wide, AD_HOURLY.name: wide}
    return read


def _days_read(asked: Asked, table: str) -> tuple[str, str]:
    days = asked.part.days
    if table == PEOPLE.name:
        return ALL
    ever = {SESSIONS.name: "visitor", CREDITS.name: "customer"}.get(table)
    if table == RATES.name:
        first, last = days.rate_days
        return first, asked.part.last_touch_day if asked.part.by_touch_day else last
    first, last = days.utc_days
    if ever in asked.named:
        first = ""
    if table == CREDITS.name and asked.part.by_touch_day:
        return first, asked.part.last_touch_day
    return first, max(last, days.last.isoformat())


def incomplete_days(days: DayRange, data_until_ms: int) -> tuple[str, ...]:
    """The days that had not ended by then."""
    every = each_day(days.first, days.last)
    return tuple(day.isoformat() for day in every if DayRange(day, day, days.timezone).bounds_ms[1] > data_until_ms)


def notes_of(
    asked: Asked, earlier: Asked | None, without_rate: float, rows: int, totals: Mapping[str, Number], *, none: bool
) -> tuple[Note, ...]:
    """
    Args:
        rows: how many there are. totals: the sums. none: every total is 0.

    Raises:
        UpstreamError: the lake cannot be read.
    """
    found = (*_notes(asked, earlier, without_rate, rows), *of_costs(asked, totals))
    return (*found, *of_nothing(asked.part.filters)) if none else found


def of_nothing(filters: Filters) -> Iterator[Note]:
    """What an answer without any number says of its filters: a value that does not exist is no error, it may be one
    that nobody had in these days.
    """
    wanted = dict.fromkeys(value for group in filters for one in group for value in one.values)
    values = f" ({', '.join(wanted)})" if wanted else ""
    if filters:
        text = f"Nothing in these days fits all filters{values}. Check how their values are spelt."
        yield Note("NOTHING_FOUND", text)


def _notes(asked: Asked, earlier: Asked | None, without_rate: float, rows: int) -> Iterator[Note]:
    if without_rate:
        yield of_no_rate(without_rate, asked.part.currency, _costs_without_rate(asked))
    if "ledger" in asked.sums:
        yield from _of_model(asked)
    damaged = list(damaged_files(asked.caller.organization_id, tables_read(asked)))
    if "events" in asked.sums:
        damaged += damaged_sources(asked.caller.organization_id, *asked.part.days.utc_days)
        yield from of_properties(asked.names)
    yield from of_damaged(damaged)
    yield from of_held(asked)
    people = [one.label for of_source in asked.sums.values() for one in of_source if not (one.adds_up or one.claimed)]
    if people and asked.keys:
        yield Note("NOT_ADDITIVE", f"{', '.join(people)}: one person may be in several rows, and is once in the total.")
    if earlier and earlier.part.until_ms is not None and set(asked.sums) & {"ads", "ledger"}:
        yield from of_whole_days(asked)
    if rows > asked.ask.limit:
        yield Note("MORE_ROWS", f"{asked.ask.limit} of {rows} rows are listed. The totals are of all.")


def of_no_rate(without_rate: float, currency: str, costs: Sequence[str] = ()) -> Note:
    """`costs` names currencies and days of which costs have no rate."""
    named = f" Costs are in {', '.join(costs)}." if costs else ""
    return Note(
        "NO_RATE",
        f"{without_rate:g} conversions or rows of spend are in no amount: their currency has no exchange rate for the"
        f" day.{named} Import rates to {currency}.",
    )


def _costs_without_rate(asked: Asked) -> list[str]:
    if "ads" not in asked.sums:
        return []
    sql = missing_rates(asked.part)
    rows = wiring.query().run(sql.sql, asked.caller.organization_id, sql.parameters).rows
    return [f"{currency} on {day}" for day, currency in rows]


def of_damaged(files: Sequence[str]) -> Iterator[Note]:
    if files:
        yield Note("DAMAGED_FILES", f"These files cannot be read, so their rows are missing: {', '.join(files)}")


def of_held(asked: Asked) -> Iterator[Note]:
    """Events that the plan had no room for. What came longer ago than they are kept is held no more."""
    days, now_ms = asked.part.days, system_clock()
    first = max(days.first, day_of(now_ms - usage.HELD_DAYS * DAY_MS, days.timezone))
    if first > days.last or not usage.may_hold(asked.caller.organization_id, now_ms):
        return
    by_day = ingest.held_by_day(asked.caller, asked.part.site_id, first=first, last=days.last)
    if (held := sum(by_day.values())) > 0:
        since = next(day for day, events in sorted(by_day.items()) if events > 0)
        yield Note(
            "HELD_EVENTS",
            f"{held:,} events since {since} are held, and are in no number here: the plan had no room for them. Each is"
            f" kept for {usage.HELD_DAYS} days, and taken in when the plan has room.",
        )


def of_not_counted() -> Note:
    return Note("NOT_COUNTED_YET", "The numbers are being counted; this takes some minutes.")


def of_properties(names: Names) -> Iterator[Note]:
    if not names.counted():
        yield Note(
            "NOT_COUNTED_YET", "Custom dimensions changed. Days are counted again; until then they have no value."
        )


def of_not_computed(count: int, model: str) -> Note:
    return Note("NOT_COMPUTED", f"{count} conversions are left out: {model} was not computed for them.")


def of_trust(asked: Asked) -> Iterator[Note]:
    model = Model(asked.part.model)
    verdict = attribution.verdicts(asked.caller, asked.part.site_id, [model]).get(model)
    if verdict and verdict.reason:
        yield Note("MODEL_NOT_TRUSTED", f"{model}: {verdict.reason}")


def _of_model(asked: Asked) -> Iterator[Note]:
    if asked.part.model not in STANDARD_MODELS:
        sql = not_computed(asked.part)
        [(count,)] = wiring.query().run(sql.sql, asked.caller.organization_id, sql.parameters).rows
        if count:
            yield of_not_computed(int(count), asked.part.model)
    yield from of_trust(asked)


def of_whole_days(asked: Asked) -> Iterator[Note]:
    whole = ["spend, clicks and impressions"] if "ads" in asked.sums else []
    whole += ["conversions and revenue by touch day"] if "ledger" in asked.sums and asked.part.by_touch_day else []
    if whole:
        yield Note("WHOLE_DAYS_COMPARED", f"Today is compared with a whole day for {' and '.join(whole)}.")
