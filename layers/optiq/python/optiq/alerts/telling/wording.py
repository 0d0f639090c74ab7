"""An alert in plain words: what happened, against what, and what to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from optiq.alerts.contracts import AlertNoticed
from optiq.alerts.judging.costs import CPA_DAYS, ROAS_DAYS
from optiq.alerts.lifecycle.contracts import Alert, Contributor, Ending
from optiq.alerts.rules.contracts import Kind, Rule
from optiq.alerts.sweeping.explaining import column_of
from optiq.kernel.money import MICROS
from optiq.reports.questions.api import CATALOGUE
from optiq.reports.spelling.api import NOTHING, count, of_metric

_ENDINGS: Mapping[Ending, str] = {
    "RECOVERED": "It is back to usual.",
    "RESTATED": "The numbers of that day have changed, and are no longer off.",
    "LEVEL_CHANGED": "The level has changed: three days in a row were like this. It counts as usual from here on.",
    "RULE_CHANGED": "The rule was changed, paused or removed.",
    "DISCONNECTED": "The connection is no more, or has no costs of this site.",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A title of one line, and sentences below it."""

    title: str
    paragraphs: tuple[str, ...]


def wording(rule: Rule, alert: Alert, noticed: AlertNoticed, site: str, currency: str) -> Wording:
    """What people read of an alert; `site` is the site's name. No title names a part: anybody can name a campaign."""
    fact = _fact(rule, alert, currency)
    if noticed.notice == "RESOLVED":
        return Wording(f"Over: {fact}", (_ENDINGS.get(alert.ending, ""), _of_rule(rule, site)))
    first = {
        "TRIGGERED": (),
        "ESCALATED": (
            f"It has become worse: {_amount(rule, alert, alert.worst_value, currency)} on {_day(alert.last_period)}.",
        ),
        "REMINDED": ("It goes on, and nobody has acknowledged it.",),
    }[noticed.notice]
    lasting = f"It has lasted {alert.breaches} {_periods(rule, alert)}." if alert.breaches > 1 else ""
    why = _explanation(rule, alert, currency) if noticed.notice == "TRIGGERED" else ()
    return Wording(fact, (*first, *filter(None, (lasting, *why, _of_rule(rule, site)))))


def _explanation(rule: Rule, alert: Alert, currency: str) -> Iterator[str]:
    """What an alert is explained by: parts of the site, and the days before."""
    for dimension in dict.fromkeys(one.dimension for one in alert.contributors):
        parts = [_part(rule, alert, one, currency) for one in alert.contributors if one.dimension == dimension]
        yield f"{CATALOGUE.dimensions[dimension].label}: {'; '.join(parts)}."
    numbers = [NOTHING if day.value is None else _amount(rule, alert, day.value, currency) for day in alert.days]
    if numbers:
        yield f"The last {len(numbers)} {_periods(rule, alert)}: {', '.join(numbers)}."


def _part(rule: Rule, alert: Alert, one: Contributor, currency: str) -> str:
    metric = column_of(rule, alert)

    def written(value: float) -> str:
        units = MICROS if CATALOGUE.metrics[metric].kind == "MONEY" else 1
        return of_metric(metric, value * units, currency)

    return f"{one.name or '(none)'}: {written(one.value)} instead of {written(one.usual)}"


def headline(rule: Rule, alert: Alert, currency: str) -> str:
    """The sentence of an alert, such as `Conversions on Tuesday, 24 November were 52; 100 are usual (above all Email:
    3 instead of 41)`.
    """
    fact = _fact(rule, alert, currency)
    if not alert.contributors:
        return fact
    return f"{fact} (above all {_part(rule, alert, alert.contributors[0], currency)})"


def _fact(rule: Rule, alert: Alert, currency: str) -> str:
    value, usual = _amount(rule, alert, alert.value, currency), _amount(rule, alert, alert.usual, currency)
    bound = _amount(rule, alert, alert.bound, currency)
    when = _day(alert.period)
    match rule.kind:
        case "SPEND_THRESHOLD":
            return f"{_spend_of(rule, when)} is {value}; the threshold is {bound}"
        case "CPA_SPIKE":
            return f"A conversion cost {value} in the {CPA_DAYS} days up to {when}; {usual} is usual"
        case "ROAS_DROP":
            return f"Ads brought {value} for each 1 of spend in the {ROAS_DAYS} days up to {when}; {usual} is usual"
        case "CONNECTION_ERROR":
            return alert.about.rstrip(".")
        case "NO_DATA" if alert.connection_id:
            return f"{alert.about} on {when}; {usual} impressions are usual"
        case "NO_DATA":
            return f"No event has come for {count(alert.value)} hours, up to {when}"
        case "CUSTOM":
            label = CATALOGUE.metrics[rule.conditions[0].metric].label
            return f"{label} on {when}: {value}; the bound is {bound}"
    return f"{_WATCHED[rule.kind]} on {when} were {value}; {usual} are usual"


_WATCHED: Mapping[Kind, str] = {"CONVERSION_DROP": "Conversions", "CLICK_ANOMALY": "Clicks"}
_METRICS: Mapping[Kind, str] = {
    "SPEND_THRESHOLD": "spend",
    "CONVERSION_DROP": "conversions",
    "CPA_SPIKE": "cpa",
    "ROAS_DROP": "roas",
    "CLICK_ANOMALY": "clicks",
    "NO_DATA": "events",
    "CONNECTION_ERROR": "impressions",
}


def metric_of(rule: Rule, alert: Alert) -> str:
    """The metric of the catalogue that an alert's number is."""
    if alert.connection_id:
        return "impressions"
    return rule.conditions[0].metric if rule.kind == "CUSTOM" else _METRICS[rule.kind]


def _amount(rule: Rule, alert: Alert, value: float, currency: str) -> str:
    name = metric_of(rule, alert)
    money = CATALOGUE.metrics[name].kind == "MONEY"
    return of_metric(name, value * MICROS if money else value, currency)


def _spend_of(rule: Rule, when: str) -> str:
    return f"Spend on {when}" if rule.period == "DAY" else f"Spend of the {rule.period.lower()} from {when}"


def _day(period: str) -> str:
    """`Tuesday, 24 November`, or with the hour."""
    if "T" in period:
        at = datetime.fromisoformat(period)
        return f"{_day(period[:10])}, {at:%H:%M}"
    day = date.fromisoformat(period)
    return f"{day:%A}, {day.day} {day:%B}"


def _periods(rule: Rule, alert: Alert) -> str:
    return "hours" if rule.judges_hours and not alert.connection_id else "days"


def _of_rule(rule: Rule, site: str) -> str:
    return f"Rule “{rule.name}” of {site}."
