"""The attempts of a funnel in SQL (Athena's dialect).

A row that matches step 1 opens an attempt. `q_j_k` of a row is the earliest instant at which step k can be reached from
it as step j: the minimum over the rows after it, worked out from the last step to the first. All windows share one
partition and order, so the rows are sorted once. Rows go by (t, turn, the lowest step they match, event_id): events of
one instant in the order in which they were sent; where that is unknown the event of the earlier step goes first, and
every run gives the same answer.
"""

from optiq.reports.behaviour.funnel import Funnel, Range
from optiq.reports.site_clock import day_number
from optiq.reports.statements import Sql

_DIGITS = 16


def counted_attempts(funnel: Funnel, source: Sql, within: Range, *, by_day: bool = False) -> Sql:
    """One row a unit: its counted attempt, the deepest, and of equally deep ones the earliest.

    With `by_day` one row a unit and day of the site: the attempt that would count if only entries of that day did.

    Columns: unit, t (of the entry), event_id, value (of the breakdown, '' for none), depth, r2 … rK: the instants at
    which the steps were reached, NULL where they were not. In ANY order only rK is given.

    Args:
        source: a SELECT of the rows: t (ms), turn, event_id, the unit's column, `dim`'s and what the conditions name.
    """
    layers = _any_order(funnel) if funnel.order == "ANY" else _in_order(funnel)
    flags = [f"coalesce({step.sql}, false) AS m{number}" for number, step in enumerate(funnel.steps, 1)]
    flags += [f"coalesce({one.condition.sql}, false) AS x{number}" for number, one in enumerate(funnel.exclusions, 1)]
    parameters = [value for step in funnel.steps for value in step.parameters]
    parameters += [value for one in funnel.exclusions for value in one.condition.parameters]
    dim = f"coalesce(CAST({funnel.dim} AS VARCHAR), '')" if funnel.dim else "''"
    mark = f", {_mark(dim)} AS mark" if _marked(funnel) else ""
    reached = "".join(f", r{k}" for k in timed_steps(funnel))
    of_unit = f"unit, {day_number('t', within.offsets)}" if by_day else "unit"
    sql = f"""
WITH flagged AS (
    SELECT {funnel.unit} AS unit, t, turn, event_id, {dim} AS dim{mark}, {", ".join(flags)}
    FROM ({source.sql}) AS source WHERE {funnel.unit} IS NOT NULL
),
{layers},
counted AS (
    SELECT attempts.*, row_number() OVER (
        PARTITION BY {of_unit} ORDER BY depth DESC, t, turn, step, event_id) AS attempt_rank
    FROM attempts WHERE t >= {within.first_ms} AND t < {within.end_ms}
)
SELECT unit, t, event_id, value, depth{reached} FROM counted WHERE attempt_rank = 1
"""  # noqa: S608 - names and numbers are ours; what people write comes as parameters
    return Sql(sql, (*parameters, *source.parameters))


def _in_order(funnel: Funnel) -> str:
    """The layers of LOOSE and STRICT order, down to `attempts`."""
    last = len(funnel.steps)
    matches = [f"m{k}" for k in range(1, last + 1)] + [f"x{k}" for k in range(1, len(funnel.exclusions) + 1)]
    step_rank = "CASE " + " ".join(f"WHEN m{k} THEN {k}" for k in range(1, last + 1)) + f" ELSE {last + 1} END"
    kept = "" if funnel.order == "STRICT" else f" WHERE {' OR '.join(matches)}"
    layers = [f"ranked AS (SELECT flagged.*, {step_rank} AS step_rank FROM flagged{kept})"]  # noqa: S608 - names and numbers are ours
    below = "ranked"
    if funnel.exclusions:
        before = "(PARTITION BY unit ORDER BY t, turn, step_rank, event_id ROWS UNBOUNDED PRECEDING)"
        numbers = range(1, len(funnel.exclusions) + 1)
        segments = ", ".join(f"count_if(x{k}) OVER {before} AS seg{k}" for k in numbers)
        layers.append(f"segmented AS (SELECT ranked.*, {segments} FROM ranked)")  # noqa: S608
        below = "segmented"
    mark = "mark" if _marked(funnel) else "t"
    for step in range(last - 1, 0, -1):
        over = _later(funnel, step)
        columns = [f"min(CASE WHEN m{step + 1} THEN {mark} END) OVER {over} AS q{step}_{step + 1}"]
        columns += [
            f"min(CASE WHEN m{step + 1} THEN q{step + 1}_{k} END) OVER {over} AS q{step}_{k}"
            for k in range(step + 2, last + 1)
        ]
        layers.append(f"layer{step} AS (SELECT {below}.*, {', '.join(columns)} FROM {below})")  # noqa: S608
        below = f"layer{step}"
    reached = [
        f"CASE WHEN {_in_window(funnel, f'q1_{k}')} THEN {_instant(funnel, f'q1_{k}')} END AS r{k}"
        for k in range(2, last + 1)
    ]
    deepest_first = [(k, _in_window(funnel, f"q1_{k}")) for k in range(last, 1, -1)]
    depth = " ".join(f"WHEN {condition} THEN {k}" for k, condition in deepest_first)
    value = "dim"
    if _marked(funnel):
        values = " ".join(f"WHEN {condition} THEN {_dim_of('q1_' + str(k))}" for k, condition in deepest_first)
        value = f"CASE {values} ELSE dim END"
    columns = [
        "unit",
        "t",
        "turn",
        "1 AS step",
        "event_id",
        f"{value} AS value",
        *reached,
        f"CASE {depth} ELSE 1 END AS depth",
    ]
    layers.append(f"attempts AS (SELECT {', '.join(columns)} FROM {below} WHERE m1)")  # noqa: S608
    return ",\n".join(layers)


def _later(funnel: Funnel, step: int) -> str:
    """The rows after a row that is step `step`, as far as no exclusion lies between."""
    cut = [f"seg{k}" for k, one in enumerate(funnel.exclusions, 1) if one.after <= step < one.before]
    frame = (
        "BETWEEN 1 PRECEDING AND 1 PRECEDING"
        if funnel.order == "STRICT"
        else "BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    )
    parts = ", ".join(("unit", *cut))
    return f"(PARTITION BY {parts} ORDER BY t DESC, turn DESC, step_rank DESC, event_id DESC ROWS {frame})"


def _any_order(funnel: Funnel) -> str:
    """The layers of ANY order: every step opens an attempt; a row counts for the first step it matches."""
    last = len(funnel.steps)
    steps = range(1, last + 1)
    step = "CASE " + " ".join(f"WHEN m{k} THEN {k}" for k in steps) + " END"
    over = (
        "(PARTITION BY unit ORDER BY t DESC, turn DESC, step DESC, event_id DESC "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    mark = "mark" if _marked(funnel) else "t"
    done = ", ".join(f"min(CASE WHEN step = {k} THEN {mark} END) OVER {over} AS q{k}" for k in steps)
    in_time = [_in_window(funnel, f"q{k}") for k in steps]
    depth = " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in in_time)
    latest = _instant(funnel, f"greatest({', '.join(f'q{k}' for k in steps)})")
    value = "dim"
    if _marked(funnel):
        in_window = (f"CASE WHEN {one} THEN q{k} ELSE '' END" for k, one in zip(steps, in_time, strict=True))
        value = _dim_of(f"greatest({', '.join(in_window)})")
    return f"""stepped AS (SELECT flagged.*, {step} AS step FROM flagged WHERE {" OR ".join(f"m{k}" for k in steps)}),
done AS (SELECT stepped.*, {done} FROM stepped),
attempts AS (
    SELECT unit, t, turn, step, event_id, {value} AS value,
        CASE WHEN {" AND ".join(in_time)} THEN {latest} END AS r{last}, {depth} AS depth
    FROM done
)"""  # noqa: S608


def timed_steps(funnel: Funnel) -> tuple[int, ...]:
    """The steps whose instants are known."""
    last = len(funnel.steps)
    return (last,) if funnel.order == "ANY" else tuple(range(2, last + 1))


def _in_window(funnel: Funnel, reached: str) -> str:
    return f"{_instant(funnel, reached)} - t <= {funnel.window_ms}" if funnel.window_ms else f"{reached} IS NOT NULL"


# For a breakdown at the deepest step, a text is carried in place of an instant: the instant in fixed width, so that
# texts are ordered as their instants, then its turn, the event's id and its `dim`.


def _marked(funnel: Funnel) -> bool:
    return bool(funnel.dim) and funnel.breakdown_at == "DEEPEST"


def _mark(dim: str) -> str:
    # A day that was made before it had turns has none.
    numbers = ("t", "coalesce(turn, 0)")
    fixed = " || ".join(f"lpad(CAST({number} AS VARCHAR), {_DIGITS}, '0')" for number in numbers)
    return f"{fixed} || chr(31) || event_id || chr(31) || {dim}"


def _instant(funnel: Funnel, reached: str) -> str:
    return f"CAST(substr({reached}, 1, {_DIGITS}) AS BIGINT)" if _marked(funnel) else reached


def _dim_of(mark: str) -> str:
    return f"split_part({mark}, chr(31), 3)"
