"""An alert as people read it."""

from dataclasses import dataclass

from optiq.alerts.lifecycle.contracts import Alert
from optiq.reports.questions.contracts import Ask


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """
    Attributes:
        title: its sentence. flapping: it comes and goes.
        metric, contributors_metric: what its numbers, and those of its contributors, are.
        currency: of those that are money.
        question: whose answer has them; None where no question has.
    """

    alert: Alert
    title: str
    rule_name: str
    flapping: bool
    metric: str
    contributors_metric: str
    currency: str
    question: Ask | None
