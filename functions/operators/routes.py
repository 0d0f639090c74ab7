"""What the operator does across organizations, over HTTP. No session and no API key opens these routes."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Query
from optiq.identity.people.api import operator_of
from optiq.kernel.api_resolver import Cursor
from optiq.kernel.schemas import Limit
from optiq.operators import api as operators

from functions.operators import staff
from functions.operators.app import app
from functions.operators.schemas import (
    AccessIn,
    AccessOut,
    NewOperatorSiteIn,
    NewOrganizationIn,
    NewUserIn,
    OperatorOrganizationOut,
    OperatorOrganizationsOut,
    OperatorSiteOut,
    UnclaimedDay,
    UnclaimedOut,
    UserOut,
)

__all__ = ["handler", "staff"]


@app.get("/v1/operator/organizations", operator=True, summary="All organizations, newest first")
def list_all_organizations(limit: Limit = 50, cursor: Cursor = None) -> OperatorOrganizationsOut:
    operator_of(app)
    return OperatorOrganizationsOut.model_validate(operators.list_organizations(limit, cursor))


@app.post("/v1/operator/organizations", operator=True, summary="Create an organization", status_code=201)
def create_owned_organization(body: Annotated[NewOrganizationIn, Body()]) -> tuple[OperatorOrganizationOut, int]:
    created = operators.create_organization(operator_of(app), **body.model_dump())
    return OperatorOrganizationOut.model_validate(created), 201


@app.post("/v1/operator/users", operator=True, summary="Create a user", status_code=201)
def create_user(body: Annotated[NewUserIn, Body()]) -> tuple[UserOut, int]:
    return UserOut.model_validate(operators.create_user(operator_of(app), **body.model_dump())), 201


@app.post("/v1/operator/sites", operator=True, summary="Create a site with a write key and an API key", status_code=201)
def create_site_with_keys(body: Annotated[NewOperatorSiteIn, Body()]) -> tuple[OperatorSiteOut, int]:
    operator_of(app)
    return OperatorSiteOut.of(operators.create_site(**body.given())), 201


@app.post(
    "/v1/operator/access",
    operator=True,
    summary="Get a key for one organization, for 15 minutes; its audit log shows it",
)
def enter_organization(body: Annotated[AccessIn, Body()]) -> AccessOut:
    return AccessOut.model_validate(operators.enter(operator_of(app), **body.model_dump()))


@app.get("/v1/operator/unclaimed", operator=True, summary="What came and names no known site, by day in UTC")
def list_unclaimed(
    days: Annotated[int, Query(ge=1, le=400, description="how many, today included")] = 7,
) -> UnclaimedOut:
    operator_of(app)
    return UnclaimedOut(items=[UnclaimedDay.model_validate(each) for each in operators.unclaimed(days)], cursor=None)


handler = app
