"""What of a site an alert comes from: the channels whose numbers changed most."""

from optiq.alerts.lifecycle.contracts import Alert
from optiq.alerts.rules.contracts import Rule
from optiq.alerts.sweeping.judged import columns_of
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError
from optiq.reports.questions.api import CATALOGUE, ask
from optiq.reports.questions.contracts import Ask
from optiq.reports.spelling.api import of_metric

_MOST = 3


def contributors(caller: Caller, rule: Rule, alert: Alert) -> tuple[str, ...]:
    """Up to three channels with their number and that of the same weekday before; none where that cannot be asked.

    Raises:
        UpstreamError: the lake cannot be read.
    """
    if rule.kind in ("NO_DATA", "CONNECTION_ERROR"):
        return ()
    metric = columns_of(rule)[0]
    day = alert.period
    question = Ask(
        (metric,), ("channel",), rule.filters, period=f"{day}..{day}", compare="SAME_WEEKDAYS", model=rule.model
    )
    try:
        answer = ask(caller, rule.site_id, question)
    except InvalidError:
        return ()
    moved = [(row.keys[0], row.values[0] or 0, row.before[0] or 0) for row in answer.rows if row.before]
    moved.sort(key=lambda each: (-abs(each[1] - each[2]), each[0]))
    label = CATALOGUE.metrics[metric].label.lower()

    def written(value: float) -> str:
        return of_metric(metric, value, answer.currency)

    return tuple(
        f"{name or '(none)'}: {written(now)} {label} instead of {written(before)}"
        for name, now, before in moved[:_MOST]
        if now != before
    )
