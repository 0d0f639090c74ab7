"""The billing context, for others: what an organization may use, and its credits."""

from optiq.billing.credits.api import balance_of

__all__ = ["balance_of"]
