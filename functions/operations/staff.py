"""Who runs the system, as the routes of staff have them."""

from dataclasses import replace

from optiq.identity.people import api as people
from optiq.identity.people.api import operator_of
from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.lake_tables import PLATFORM

from functions.operations.app import app


def staff_caller() -> Caller:
    """The caller on the platform, whose audit log has what staff do.

    Raises UnauthenticatedError for anybody else, LimitExceededError.
    """
    caller = operator_of(app)
    people.reserve_operator(system_clock())
    return replace(caller, organization_id=PLATFORM)
