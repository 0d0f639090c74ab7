"""An alert as people read it."""

from dataclasses import dataclass

from optiq.alerts.lifecycle.contracts import Alert
from optiq.reports.questions.contracts import Ask


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """
    Attributes:
        title: its sentence. flapping: it comes and goes.
        metric: what its numbers are. question: whose answer has them; None where no question has.
    """

    alert: Alert
    title: str
    rule_name: str
    flapping: bool
    metric: str
    question: Ask | None
