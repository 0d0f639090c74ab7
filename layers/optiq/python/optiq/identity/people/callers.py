"""Who asks, as the authorizer says and the request shows."""

from functools import partial
from typing import Any, Protocol

from optiq.identity.people.origins import client_of, origin_of
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.http import authorized
from optiq.kernel.permissions import permissions_of


class _Answering(Protocol):
    """A resolver that is answering a request."""

    @property
    def current_event(self) -> Any: ...


def caller_of(app: _Answering) -> Caller:
    """The caller of the request that is being answered. Raises UnauthenticatedError for one of no organization."""
    event = app.current_event.raw_event
    context = authorized(event)
    if not context.get("organization_id"):
        raise UnauthenticatedError("a session or an API key is needed")
    return Caller(
        str(context["organization_id"]),
        actor=str(context.get("user_id") or context.get("staff_id") or context.get("credential_id", "")),
        user_id=str(context.get("user_id", "")),
        permissions=permissions_of(context),
        locate=partial(origin_of, client_of(event)),
    )


def operator_of(app: _Answering) -> Caller:
    """The operator, or a member of the staff, who asks for no organization; the actor says who.

    Raises UnauthenticatedError for anybody else.
    """
    event = app.current_event.raw_event
    context = authorized(event)
    if context.get("credential_id") != OPERATOR or context.get("organization_id"):
        raise UnauthenticatedError("the operator's key is needed")
    return Caller("", str(context.get("staff_id") or OPERATOR), locate=partial(origin_of, client_of(event)))
