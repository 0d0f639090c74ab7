"""Paths become rows of the ledger, the same whichever way they came."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.attribution.contracts import AttributionSettings, ConversionType, CustomWeights, Model
from optiq.attribution.fits.contracts import Fit
from optiq.attribution.lake import CREDIT_MODELS
from optiq.attribution.ledger import CREDIT_SCHEMA, credit_paths
from optiq.attribution.path import MAX_TOUCHES
from optiq.attribution.path_table import CONVERSION_SCHEMA, OWNED_TOUCH_SCHEMA, from_histories, from_rows
from optiq.attribution.terms import STANDARD_TERMS, Terms
from optiq.journeys.contracts import Conversion, ConversionPath, Grade, Touch
from optiq.kernel.clock import DAY_MS
from optiq.kernel.ids import id_in_order

NOW_MS = 1_767_225_600_000
SITE = "site_1"
ALL_TERMS = Terms(
    AttributionSettings(version=4, half_life_days=3, custom=CustomWeights(3, 1, 2, half_life_days=2)),
    fit=Fit(2, {Model.MARKOV: {"Email": 0.7, "Direct": 0.3}, Model.SHAPLEY: {"Email": 1.0}}),
)
OWN_TERMS = replace(
    ALL_TERMS,
    settings=replace(
        ALL_TERMS.settings,
        conversion_types=(ConversionType("Signed Up", 100, (Model.LINEAR, Model.W_SHAPED, Model.SHAPLEY)),),
        milestone_event="Signed Up",
        collapse_repeats=True,
    ),
)
CHANNELS = ("Direct", "Email", "Display", "früh\t'|\"% 🌱")
VALUES = st.integers(-(10**15), 10**15) | st.sampled_from([0, 1, -1, 3, 49_900_000])


GRADES: tuple[Grade, ...] = ("DETERMINISTIC", "PROBABILISTIC", "CONSENT_LIMITED")


def _touch(number: int, days_before: float, channel: str) -> Touch:
    occurred_ms = NOW_MS - int(days_before * DAY_MS)
    return Touch(
        touch_id=id_in_order("touch", occurred_ms, 0, number % 3, str(number)),
        session_id="s",
        occurred_ms=occurred_ms,
        touch_type="LANDING",
        channel=channel,
        source=f"source of {channel}",
        medium="m",
        campaign="",
        term="",
        content=f"ad {number}",
        click_ids=(),
        landing_page="/",
        referrer_domain="",
        evidence=GRADES[number % 7 % 3],
    )


def _conversion(number: int, customer: int, days_before: float, value_micros: int) -> Conversion:
    occurred_ms = NOW_MS - int(days_before * DAY_MS)
    return Conversion(
        organization_id="org_1",
        site_id=SITE,
        customer_id=f"cus_{customer}",
        conversion_id=id_in_order("conversion", occurred_ms, 0, number % 3, str(number)),
        event_id="e",
        name=("Order Completed", "Signed Up")[number % 2],
        occurred_ms=occurred_ms,
        value_micros=value_micros,
        currency="EUR",
        revision=number,
        evidence=GRADES[customer],
    )


DAYS = st.integers(0, 120) | st.floats(0, 120)
TOUCHES = st.lists(st.tuples(st.integers(0, 2), DAYS, st.sampled_from(CHANNELS)), max_size=25)
CONVERSIONS = st.lists(st.tuples(st.integers(0, 2), DAYS, VALUES), min_size=1, max_size=6)


def _histories(
    conversions: list[tuple[int, float, int]], touches: list[tuple[int, float, str]]
) -> list[ConversionPath]:
    known: dict[int, list[Touch]] = defaultdict(list)
    for number, (customer, days_before, channel) in enumerate(touches):
        known[customer].append(_touch(number, days_before, channel))
    made = [_conversion(number, *details) for number, details in enumerate(conversions)]
    return [
        ConversionPath(
            conversion,
            tuple(known[customer]),
            conversions=tuple((o.name, o.conversion_id) for o in made if o.customer_id == conversion.customer_id),
        )
        for conversion, (customer, *_) in zip(made, conversions, strict=True)
    ]


def _leads(conversions: pa.Table, terms: Terms) -> pa.Table | None:
    milestone = terms.settings.milestone_event
    return conversions.filter(pc.equal(conversions.column("name"), milestone)) if milestone else None


def _rows(histories: list[ConversionPath]) -> tuple[pa.Table, pa.Table]:
    """The histories as the lake has them: every touch once, with its customer."""
    touches = {
        touch.touch_id: {"customer_id": history.conversion.customer_id, "occurred_at": touch.occurred_ms}
        | {name: getattr(touch, name) for name in OWNED_TOUCH_SCHEMA.names if hasattr(touch, name)}
        for history in histories
        for touch in history.touches
    }
    conversions = [
        {"occurred_at": item.conversion.occurred_ms}
        | {name: getattr(item.conversion, name) for name in CONVERSION_SCHEMA.names if hasattr(item.conversion, name)}
        for item in histories
    ]
    return (
        pa.Table.from_pylist(conversions, CONVERSION_SCHEMA),
        pa.Table.from_pylist(list(reversed(touches.values())), OWNED_TOUCH_SCHEMA),
    )


def _credits(table: pa.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.cast(CREDIT_SCHEMA).to_pylist()
    return found


@given(CONVERSIONS, TOUCHES, st.sampled_from([None, 1, 7, 90]), st.sampled_from([STANDARD_TERMS, ALL_TERMS, OWN_TERMS]))
def test_arrival_and_recomputation_agree(
    conversions: list[tuple[int, float, int]],
    touches: list[tuple[int, float, str]],
    lookback_days: int | None,
    terms: Terms,
) -> None:
    histories = _histories(conversions, touches)

    terms = replace(terms, site_lookback_days=lookback_days)
    rows, known = _rows(histories)

    arrived = credit_paths(from_histories(SITE, histories, terms), terms, NOW_MS)
    recomputed = credit_paths(from_rows(SITE, rows, known, terms, _leads(rows, terms)), terms, NOW_MS)

    assert _credits(arrived) == _credits(recomputed)


@given(CONVERSIONS, TOUCHES, st.sampled_from([STANDARD_TERMS, ALL_TERMS, OWN_TERMS]))
def test_credits_sum_to_the_conversion_for_every_model(
    conversions: list[tuple[int, float, int]], touches: list[tuple[int, float, str]], terms: Terms
) -> None:
    histories = _histories(conversions, touches)

    rows = _credits(credit_paths(from_histories(SITE, histories, terms), terms, NOW_MS))

    for history in histories:
        own = [row for row in rows if row["conversion_id"] == history.conversion.conversion_id]
        assert [row["position"] for row in own] == (list(range(1, len(own) + 1)) if own[0]["touch_id"] else [0])
        computed = terms.limited.get(history.conversion.name, terms.models)
        for model in terms.models:
            if model not in computed:
                assert {row[f"{model.lower()}_weight"] for row in own} == {None}
                continue
            assert sum(row[f"{model.lower()}_micros"] for row in own) == history.conversion.value_micros
            assert sum(row[f"{model.lower()}_weight"] for row in own) == pytest.approx(1, abs=1e-9)


def test_every_model_has_its_columns() -> None:
    assert [model.lower() for model in Model] == list(CREDIT_MODELS)


def test_models_are_computed_when_there_is_all_they_need() -> None:
    histories = _histories([(0, 0, 10)], [(0, 1, "Email"), (0, 2, "Direct")])

    (standard, _), (every, _) = (
        _credits(credit_paths(from_histories(SITE, histories, terms), terms, NOW_MS))
        for terms in (STANDARD_TERMS, ALL_TERMS)
    )

    missing = {model for model in CREDIT_MODELS if standard[f"{model}_weight"] is None}
    assert missing == {"custom", "markov", "shapley"}
    assert not [model for model in CREDIT_MODELS if every[f"{model}_weight"] is None]
    assert (every["markov_micros"], every["shapley_micros"]) == (3, 0)
    assert (every["settings_version"], every["fit_version"], standard["fit_version"]) == (4, 2, 0)


def test_a_customer_with_a_million_touches_is_credited_within_the_limit() -> None:
    # Given somebody with a million touches at ten thousand instants, and three conversions
    histories = _histories([(0, 0, 1_000_003), (0, 10, -7), (0, 60, 0)], [])
    number = 1_000_000
    same = pa.array(["Email"]).take(np.zeros(number, dtype=np.int64))
    touched = pa.array(NOW_MS - np.arange(number) % 10_000 * 700_000, pa.timestamp("ms"))
    columns = {
        "touch_id": pa.array(np.arange(number)).cast(pa.string()),
        "occurred_at": touched,
        "customer_id": pa.array(["cus_0"]).take(np.zeros(number, dtype=np.int64)),
    }
    touches = pa.table({name: columns.get(name, same) for name in OWNED_TOUCH_SCHEMA.names}, OWNED_TOUCH_SCHEMA)

    # When they are credited
    rows = _credits(credit_paths(from_rows(SITE, _rows(histories)[0], touches, STANDARD_TERMS), STANDARD_TERMS, NOW_MS))

    # Then each path has the nearest touches, and the totals are right
    assert len(rows) == 3 * MAX_TOUCHES
    assert rows[MAX_TOUCHES - 1]["touch_at"].timestamp() * 1000 == NOW_MS
    for value, start in ((1_000_003, 0), (-7, MAX_TOUCHES), (0, 2 * MAX_TOUCHES)):
        assert sum(row["time_decay_micros"] for row in rows[start : start + MAX_TOUCHES]) == value


def test_what_older_files_lack_is_empty_and_costs_no_credit() -> None:
    # Given touches and a conversion that lack everything they can
    histories = _histories([(0, 0, 10)], [(0, 1, "Email"), (0, 2, "Direct")])
    conversions, touches = _rows(histories)
    for name in ("channel", "source", "medium", "campaign", "content", "landing_page"):
        touches = touches.drop_columns(name).append_column(name, pa.nulls(len(touches), pa.string()))
    for name in ("value_micros", "currency", "name", "revision"):
        kind = CONVERSION_SCHEMA.field(name).type
        conversions = conversions.drop_columns(name).append_column(name, pa.nulls(len(conversions), kind))

    # When they are credited
    paths = from_rows(SITE, conversions.select(CONVERSION_SCHEMA.names), touches, ALL_TERMS)
    rows = _credits(credit_paths(paths, ALL_TERMS, NOW_MS))

    # Then both touches count, for nothing
    assert [(row["channel"], row["ad"], row["currency"], row["linear_weight"]) for row in rows] == [
        ("", "", "", 0.5)
    ] * 2
    assert {(row["linear_micros"], row["value_micros"], row["revision"]) for row in rows} == {(0, 0, 0)}


def test_a_row_that_says_not_whose_or_when_it_was_is_left_out() -> None:
    histories = _histories([(0, 0, 10)], [(0, 1, "Email"), (0, 2, "Direct")])
    conversions, touches = _rows(histories)
    nobody = touches.slice(0, 1).set_column(
        touches.column_names.index("customer_id"), "customer_id", pa.nulls(1, pa.string())
    )
    never = touches.slice(0, 1).set_column(
        touches.column_names.index("occurred_at"), "occurred_at", pa.nulls(1, pa.timestamp("ms"))
    )

    paths = from_rows(SITE, conversions, pa.concat_tables([touches, nobody, never]), STANDARD_TERMS)

    assert len(credit_paths(paths, STANDARD_TERMS, NOW_MS)) == 2


def test_nothing_gives_nothing() -> None:
    empty = from_rows(SITE, CONVERSION_SCHEMA.empty_table(), OWNED_TOUCH_SCHEMA.empty_table(), STANDARD_TERMS)
    assert len(credit_paths(empty, ALL_TERMS, NOW_MS)) == 0
    assert len(credit_paths(from_histories(SITE, [], STANDARD_TERMS), STANDARD_TERMS, NOW_MS)) == 0


def test_a_revision_of_the_value_changes_the_credits_alone() -> None:
    (history,) = _histories([(0, 0, 10)], [(0, 1, "Email")])
    refunded = replace(history, conversion=replace(history.conversion, value_micros=-5))
    (row,) = _credits(credit_paths(from_histories(SITE, [refunded], STANDARD_TERMS), STANDARD_TERMS, NOW_MS))
    assert (row["linear_weight"], row["linear_micros"], row["value_micros"]) == (1.0, -5, -5)


def test_the_milestone_is_the_touch_that_led_to_the_lead() -> None:
    # Given five touches, a lead after the second, and a sale
    histories = _histories([(0, 0, 1_000), (0, 30, 0)], [(0, days, "Email") for days in (50, 40, 20, 10, 1)])
    terms = Terms(AttributionSettings(milestone_event="Signed Up"))

    rows = _credits(credit_paths(from_histories(SITE, histories[:1], terms), terms, NOW_MS))

    assert [row["w_shaped_micros"] for row in rows] == [300, 300, 50, 50, 300]

    # And the lead itself has none of its own: its middle touch counts
    lead = _credits(credit_paths(from_histories(SITE, histories[1:], terms), terms, NOW_MS))
    assert [row["w_shaped_weight"] for row in lead] == [0.5, 0.5]


def test_touches_in_a_row_that_are_alike_are_one_where_the_settings_say_so() -> None:
    touches = [(5, "Email"), (4, "Email"), (3, "Direct"), (2, "Email"), (1, "Email")]
    histories = _histories([(0, 0, 9)], [(0, days, channel) for days, channel in touches])
    terms = Terms(AttributionSettings(collapse_repeats=True))

    rows = _credits(credit_paths(from_histories(SITE, histories, terms), terms, NOW_MS))

    assert [row["touch_id"] for row in rows] == [histories[0].touches[place].touch_id for place in (0, 2, 3)]
    assert [row["linear_micros"] for row in rows] == [3, 3, 3]


def test_a_conversion_types_window_and_models_hold_for_it_alone() -> None:
    histories = _histories([(0, 0, 9), (0, 0, 9)], [(0, 50, "Email"), (0, 5, "Direct")])
    terms = Terms(AttributionSettings(conversion_types=(ConversionType("Signed Up", 10, (Model.LINEAR,)),)))

    sale, _, lead = _credits(credit_paths(from_histories(SITE, histories, terms), terms, NOW_MS))

    assert (sale["window_days"], sale["first_touch_micros"], sale["linear_micros"]) == (90, 9, 5)
    assert (lead["window_days"], lead["first_touch_micros"], lead["linear_micros"]) == (10, None, 9)
