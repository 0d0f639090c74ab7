"""Money in reports: the rate of the day, what has none, and totals exact to the micro."""

import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from optiq.kernel.caller import Caller
from optiq.kernel.clock import to_rfc3339
from optiq.reports import api as reports
from optiq.reports.contracts import AttributionReport, MissingRate, Question

from tests.functional.reports.conftest import SiteMaker
from tests.functional.reports.lake import Part, TestLake


def report(lake: TestLake, first: str, last: str, model: str = "LINEAR", by: str = "channel") -> AttributionReport:
    return reports.attribution_report(
        Caller.system(lake.organization_id), lake.site_id, Question(first, last, by), model=model
    )


def test_the_rate_of_a_day_is_the_latest_of_the_week_before(make_site: SiteMaker) -> None:
    # GIVEN a rate on a Friday and sales on days after it
    lake = make_site()
    lake.write_rates("2026-01-02", USD=2_000_000)
    for day in ("2026-01-02", "2026-01-04", "2026-01-09", "2026-01-10"):
        parts = [Part(day, 1.0, 10_000_000)]
        lake.write_credits(lake.credit(day, f"{day}T12:00:00Z", parts, currency="USD"))

    # WHEN all are reported
    found = report(lake, "2026-01-02", "2026-01-10")

    # THEN a week later it still counts, a day more and it is missing: the sale stays, its money is said apart
    assert {row.key: row.revenue_micros for row in found.rows} == {
        "2026-01-02": 5_000_000,
        "2026-01-04": 5_000_000,
        "2026-01-09": 5_000_000,
        "2026-01-10": 0,
    }
    assert found.conversions == 4
    assert found.missing_rates == (MissingRate("USD", "2026-01-10", 1, 10_000_000),)


def test_a_missing_rate_is_said_once_a_currency_and_day(make_site: SiteMaker) -> None:
    lake = make_site(currency="GBP")
    path = [Part("Email", 0.5, 5_000_000), Part("Audio", 0.5, 5_000_000)]
    for number, currency in enumerate(("USD", "USD", "EUR", "GBP")):
        lake.write_credits(lake.credit(f"c{number}", "2026-01-10T12:00:00Z", path, currency=currency))
    found = report(lake, "2026-01-10", "2026-01-10")
    assert found.missing_rates == (
        MissingRate("EUR", "2026-01-10", 1, 10_000_000),
        MissingRate("USD", "2026-01-10", 2, 20_000_000),
    )
    assert (found.revenue_micros, found.conversions) == (10_000_000, 4)
    assert [row.conversions for row in found.rows] == [2.0, 2.0]


def test_a_conversion_without_a_value_needs_no_rate(make_site: SiteMaker) -> None:
    lake = make_site()
    lake.write_credits(lake.credit("c1", "2026-01-10T12:00:00Z", [Part("Email", 1.0, 0)], currency=""))
    found = report(lake, "2026-01-10", "2026-01-10")
    assert (found.conversions, found.revenue_micros, found.missing_rates) == (1, 0, ())


_conversions = st.lists(
    st.tuples(
        st.one_of(st.integers(-(10**9), 10**9), st.integers(-(10**15), 10**15)),
        st.sampled_from(["EUR", "USD", "JPY", "GBP"]),
        st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any),
        st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any),
    ),
    min_size=1,
    max_size=12,
)


def _split(amount: int, weights: list[int]) -> list[int]:
    """Largest remainder, ties to the earlier position; written apart from the code under test."""
    total, sign = sum(weights), -1 if amount < 0 else 1
    exact = [Fraction(abs(amount) * weight, total) for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda position: (parts[position] - exact[position], position))
    for position in order[: abs(amount) - sum(parts)]:
        parts[position] += 1
    return [sign * part for part in parts]


def _as_long_as_another(*splits: list[int]) -> list[list[int]]:
    longest = max(map(len, splits))
    return [split + [0] * (longest - len(split)) for split in splits]


def _convert(amount: int, rate: Fraction) -> int:
    """Half up, away from zero."""
    converted = int(abs(amount) * rate + Fraction(1, 2))
    return -converted if amount < 0 else converted


@given(
    conversions=_conversions,
    usd=st.integers(100_000, 3_000_000),
    jpy=st.integers(50_000_000, 200_000_000),
    currency=st.sampled_from(["EUR", "USD", "JPY"]),
)
def test_every_model_reports_the_converted_conversions_to_the_micro(
    make_site: SiteMaker, conversions: list[tuple[int, str, list[int], list[int]]], usd: int, jpy: int, currency: str
) -> None:
    rates = {"EUR": 1_000_000, "USD": usd, "JPY": jpy, "GBP": 870_001}
    expected: dict[str, Counter[str]] = {"LINEAR": Counter(), "FIRST_TOUCH": Counter()}
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        # GIVEN conversions in several currencies, credited by two models in different ways
        lake = make_site(currency=currency, root=Path(folder))
        lake.write_rates("2026-01-10", **{code: rate for code, rate in rates.items() if code != "EUR"})
        rows = []
        for number, (value, code, *splits) in enumerate(conversions):
            converted = value if code == currency else _convert(value, Fraction(rates[currency], rates[code]))
            total += converted
            at = to_rfc3339(1_768_040_000_000 + number)
            by_model = []
            for model, weights in zip(expected, _as_long_as_another(*splits), strict=True):
                credits_ = _split(value, weights)
                parts = [
                    Part(f"ch{n}", w / sum(weights), c) for n, (w, c) in enumerate(zip(weights, credits_, strict=True))
                ]
                by_model.append(lake.credit(f"c{number}", at, parts, model=model, currency=code, value_micros=value))
                if value:
                    shares = _split(converted, [abs(credit) for credit in credits_])
                    expected[model].update({f"ch{n}": share for n, share in enumerate(shares)})
            rows.append([one | other for one, other in zip(*by_model, strict=True)])
        lake.write_credits(*rows)

        # WHEN both models are reported
        question = Question("2026-01-10", "2026-01-10")
        compared = reports.compare_models(
            Caller.system(lake.organization_id), lake.site_id, question, models=list(expected)
        )
        found = {model: report(lake, "2026-01-10", "2026-01-10", model=model) for model in expected}

    # THEN side by side they say what each says alone
    assert compared.now == tuple(found.values())

    # AND their totals are the sum of the converted conversions, and every share is exact
    for model, answer in found.items():
        assert answer.revenue_micros == total
        assert answer.conversions == len(conversions)
        assert sum(row.conversions for row in answer.rows) == pytest.approx(len(conversions))
        assert {row.key: row.revenue_micros for row in answer.rows if row.revenue_micros} == {
            key: micros for key, micros in expected[model].items() if micros
        }
