"""Measures what billing costs, and prints it beside its goals: `make bench-billing`."""

from tests.performance.bench import Parts, run
from tests.performance.figures import Figure


def _ledger() -> list[Figure]:
    from tests.performance import credit_ledger

    return credit_ledger.measure()


def _usage() -> list[Figure]:
    from tests.performance import usage_counting

    return usage_counting.measure()


def _limits() -> list[Figure]:
    from tests.performance import usage_limits

    return usage_limits.measure()


def _webhook() -> list[Figure]:
    from tests.performance import stripe_webhook

    return stripe_webhook.measure()


PARTS: Parts = {
    "ledger": ("Credits: postings of one organization, beside the same writes alone", _ledger),
    "limits": ("Limits: what they cost, and how soon they act", _limits),
    "webhook": ("Deliveries of Stripe: what each costs the receiver", _webhook),
    "usage": ("Usage: what counting adds to the consumer of events", _usage),
}

if __name__ == "__main__":
    run(PARTS, "Measure what billing costs.")
