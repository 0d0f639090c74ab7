"""Groups of errors, an incident and a setting, for the tests over all routes."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from optiq.kernel.caller import Caller
from optiq.kernel.clock import system_clock
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.errors import api as errors
from optiq.operations.errors.contracts import ErrorReported
from optiq.operations.errors.stores import ISSUES
from optiq.operations.status import api as status


def _issue(organization_id: str, site_id: str) -> str:
    now_ms, issue_id = system_clock(), uuid4().hex
    error = ErrorReported(
        organization_id=organization_id,
        site_id=site_id,
        error_id=uuid4().hex,
        issue_id=issue_id,
        occurred_ms=now_ms,
        received_ms=now_ms,
        message="no price",
        environment="BACKEND",
    )
    errors.take_in([error], now_ms)
    assert ISSUES.find(organization_id, issue_id)
    return issue_id


def _own_issue(_organization_id: str, _site_id: str) -> str:
    return _issue(PLATFORM, "")


def _incident(_organization_id: str, _site_id: str) -> str:
    return status.create_incident(Caller.system(PLATFORM), title="Late", text="We look for the cause.").incident_id


def _setting(_organization_id: str, _site_id: str) -> str:
    return "status.notice"


def _colleague(world: Any) -> dict[str, str]:
    someone = world.company.hire("MEMBER")
    someone.turn_on_two_factor()
    return {"email": someone.address}


IDS = {"issue_id": _issue, "own_issue_id": _own_issue, "incident_id": _incident, "key": _setting}
BODIES: Mapping[str, object] = {
    "POST /v1/operator/staff": _colleague,
    "PATCH /v1/sites/{site_id}/errors/{issue_id}": {"status": "RESOLVED"},
    "PATCH /v1/operator/errors/{own_issue_id}": {"status": "RESOLVED"},
    "PATCH /v1/operator/settings/{key}": lambda _: {"value": f"We work on Sunday. {uuid4().hex}"},
}
