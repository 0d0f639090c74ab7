"""What a plan grants. Each verb follows from state, so it may be called at every event, late, and again."""

from optiq.billing.credits.checks import checked_source
from optiq.billing.credits.posting import post_state
from optiq.billing.ledger import commands
from optiq.billing.ledger.contracts import Entry, Source, Terms
from optiq.kernel.clock import Clock, system_clock


def start_plan(organization_id: str, terms: Terms, *, clock: Clock = system_clock) -> tuple[Entry, ...]:
    """A plan with months of its own begins. What is left of the months before rolls over as both plans allow.

    Raises UpstreamError: the same may succeed later.
    """
    return post_state(organization_id, lambda: commands.StartPlan(terms), clock(), begins=False)


def change_plan(
    organization_id: str,
    plan: str,
    *,
    monthly_credits: int,
    max_rollover: int,
    changed_ms: int,
    source: Source,
    clock: Clock = system_clock,
) -> tuple[Entry, ...]:
    """Another plan in the same months: more credits at once, for the part of the month that is left.

    Args:
        source: of the change. It counts once.

    Raises:
        UpstreamError: the same may succeed later.
    """
    command = commands.ChangePlan(plan, monthly_credits, max_rollover, changed_ms, checked_source(source))
    return post_state(organization_id, lambda: command, clock(), once=source)


def pay_plan(
    organization_id: str, *, start_ms: int, end_ms: int, monthly_credits: int, clock: Clock = system_clock
) -> tuple[Entry, ...]:
    """The plan is paid from one instant to another. The present month's credits are granted, if they were not.

    An invoice that is paid after its months ended grants nothing. Raises UpstreamError.
    """
    return post_state(organization_id, lambda: commands.PayPlan(start_ms, end_ms, monthly_credits), clock())
