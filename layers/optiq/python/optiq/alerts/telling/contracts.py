"""An alert as people read it."""

from dataclasses import dataclass

from optiq.alerts.lifecycle.contracts import Alert


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """`title` is its sentence. `flapping`: it comes and goes."""

    alert: Alert
    title: str
    rule_name: str
    flapping: bool
