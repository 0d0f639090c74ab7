"""The resolver of billing's routes, and who runs the system."""

from optiq.identity.people import api as people
from optiq.identity.people.api import operator_of
from optiq.kernel.api_resolver import make_resolver
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock

app = make_resolver("billing")


def operator() -> Caller:
    """Raises UnauthenticatedError for anybody else, LimitExceededError."""
    caller = operator_of(app)
    people.reserve_operator(system_clock())
    return caller
