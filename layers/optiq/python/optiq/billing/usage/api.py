"""Usage: the events that each organization stored, counted behind the stream, and what follows from how many."""

from optiq.billing.usage.counting import count
from optiq.billing.usage.seeing import usage_of

__all__ = ["count", "usage_of"]
