"""The billing context, for others: what an organization may use, and the credits that products spend."""

from optiq.billing.credits.api import balance_of, capture, grant, hold, release, spend

__all__ = ["balance_of", "capture", "grant", "hold", "release", "spend"]
