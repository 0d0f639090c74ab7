"""Every route that changes something leaves an entry of who did it, to what, from where.

The routes come from the OpenAPI document, so a new one is asked as well: it must be answered with success, if need be
with what SAID has for it, and be in an audit log afterwards, unless NOTHING_CHANGES says why not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyotp
import pytest
from optiq.attribution import api as attribution
from optiq.attribution.contracts import AttributionSettings, CustomWeights
from optiq.audit import api as audit
from optiq.audit.contracts import Entry
from optiq.identity import api as identity
from optiq.identity import keys
from optiq.identity.people import admission
from optiq.identity.people import api as people
from optiq.identity.people.records import OAuthRecord
from optiq.journeys import api as journeys
from optiq.journeys.contracts import Conversion
from optiq.kernel.caller import OPERATOR, Caller
from optiq.kernel.clock import HOUR_MS, system_clock
from optiq.kernel.ids import new_id
from optiq.reports.views import api as views
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import ChannelRule, NewSite
from optiq.tenancy.groups import api as groups
from optiq.tenancy.members import api as members

from tests.functional.identity.browser import Browser
from tests.functional.identity.people import PASSWORD, Someone, new_address, newest_link
from tests.functional.pipeline import Pipeline
from tests.functional.senders import send_segment
from tests.functional.tenancy.api_document import Operation, operations
from tests.functional.tenancy.organizations import Company
from tests.functional.things import bodies, creators

pytestmark = pytest.mark.usefixtures("table")

NEED_STRIPE = (
    "POST /v1/billing/cancel",
    "POST /v1/billing/change",
    "POST /v1/billing/checkout",
    "POST /v1/billing/pause",
    "POST /v1/billing/portal",
    "POST /v1/billing/resume",
    "POST /v1/billing/trial",
    "PUT /v1/billing/cap",
    "POST /v1/credits/checkout",
    "POST /v1/operator/billing/push",
)
"""Answered with 404 where there is no account at Stripe."""
NOTHING_CHANGES: Mapping[str, str] = {
    "POST /v1/sites/{site_id}/channel-rules/dry-run": "it only says what would be",
    "POST /v1/inbox/read": "what somebody has read is nobody else's business",
    "POST /v1/ad-connections/complete": "it takes what a platform sent back, which tests/functional/ads has entered",
    "POST /v1/message-channels/{channel_id}/test": "the channel's log has it as a delivery",
    "POST /v1/message-channels/{channel_id}/deliveries/{delivery_id}/again": "the channel's log has it as a delivery",
    **dict.fromkeys(NEED_STRIPE, "it needs an account at Stripe, with which tests/functional/billing has it entered"),
    "POST /v1/me/staff-key": "it is for staff alone, and what they do with it is entered",
    "POST /v1/me/two-factor": "it holds once a code confirms it, which is entered",
    "POST /v1/me/oauth/{provider}": "it only says where to go; what comes back from there is entered",
}
CHANGES = [
    each
    for each in operations()
    if not (each.route.is_open or each.route.operator)
    and each.route.method != "GET"
    and each.route.key not in NOTHING_CHANGES
    # Questions, which are a POST for the size of their body.
    and each.route.keyless_because != "it changes nothing"
]


OF_ONESELF = ("/v1/me", "/v1/sign-out", "/v1/organizations", "/v1/invitations")
"""How the routes begin that change who asks, or where they are signed in."""


class World:
    """An organization, and somebody in it who makes what a route needs and then asks it.

    `books` are those in which the entry may be, beside the person's own and those of their organizations.
    """

    def __init__(self, company: Company, site: NewSite, asks: Someone | None = None) -> None:
        self.company, self.asks = company, asks or company.hire("OWNER")
        self.by = tenancy.operator(company.organization_id)
        self.site_ids = (company.organization_id, site.site.site_id)
        self.ids: dict[str, str] = {}
        self.logs = {company.organization_id, self.asks.user_id}

    def conversion(self) -> Conversion:
        return journeys.list_conversions(*self.site_ids, 1, None).items[0]

    def linked(self) -> dict[str, str]:
        """A link between two identifiers of the customer who bought."""
        link = journeys.get_customer(*self.site_ids, self.conversion().customer_id).links[0]
        return {"customer_id": link.customer_id, "other_customer_id": link.other_customer_id}

    def in_team(self) -> str:
        return self._member_of(groups.get_team(self.by, self.ids["team_id"]))

    def in_workspace(self) -> str:
        return self._member_of(groups.get_workspace(self.by, self.ids["workspace_id"]))

    def _member_of(self, group: Any) -> str:
        user_id = self.company.hire("MEMBER").user_id
        groups.set_member(self.by, group, user_id, "MEMBER")
        return user_id

    def view(self) -> str:
        """One of who asks: nobody changes another's."""
        organization_id, site_id = self.site_ids
        caller = Caller(organization_id, self.asks.user_id, self.asks.user_id)
        question = {"metrics": ["visits"]}
        return views.create_view(caller, site_id, name="Visits", kind="QUESTION", question=question).view_id

    def provider(self) -> str:
        """One with which who asks signs in."""
        OAuthRecord(
            *keys.provider_account("GOOGLE", new_id("x", system_clock())),
            gsi1pk=keys.provider_accounts_of(self.asks.user_id),
            gsi1sk="GOOGLE",
            user_id=self.asks.user_id,
            linked_ms=system_clock(),
        ).save()
        return "google"

    def other_session(self) -> str:
        people.sign_in(self.asks.address, PASSWORD, self.asks.client)
        return next(each.session_id for each in people.sessions(self.asks.person) if not each.is_current)

    def invitation(self) -> dict[str, str]:
        """A link to another organization, for who asks."""
        other = Company()
        self.logs.add(other.organization_id)
        members.invite(other.actor(), email=self.asks.address, role="VIEWER")
        return {"token": newest_link(self.asks.address)}

    def first_code(self) -> dict[str, str]:
        enrolment = people.start_two_factor(self.asks.person, PASSWORD)
        return {"code": pyotp.TOTP(enrolment.secret).now()}

    def next_code(self) -> dict[str, str]:
        self.asks.turn_on_two_factor()
        return {"password": PASSWORD, "code": self.asks.next_code()}


def world_for(operation: Operation, company: Company, owner: Someone, site: NewSite) -> World:
    """One in which the owner asks, or somebody of their own for what changes who asks."""
    return World(company, site, None if operation.route.path.startswith(OF_ONESELF) else owner)


def _name() -> str:
    return new_id("x", system_clock())


def _token(organization_id: str, site_id: str) -> str:
    return identity.create_token(Caller.system(organization_id), site_id, name=_name()).token.credential_id


_Made = Callable[[World], str]
THINGS: Mapping[str, _Made] = {
    **{name: lambda world, create=create: create(*world.site_ids) for name, create in creators().items()},
    "organization_id": lambda world: world.company.organization_id,
    "site_id": lambda world: world.site_ids[1],
    "user_id": lambda world: world.company.hire("MEMBER").user_id,
    "role_id": lambda world: (
        members.create_role(world.company.actor(), name=_name(), permissions=["ads:write"]).role_id
    ),
    "invitation_id": lambda world: (
        # Long enough ago to be sent again.
        members.invite(
            world.company.actor(), email=new_address(), role="VIEWER", clock=lambda: system_clock() - HOUR_MS
        ).invitation_id
    ),
    "token_id": lambda world: _token(*world.site_ids),
    "team_id": lambda world: groups.create_team(world.by, name=_name()).team_id,
    "workspace_id": lambda world: groups.create_workspace(world.by, name=_name()).workspace_id,
    "conversion_id": lambda world: world.conversion().conversion_id,
    "job_id": lambda world: (
        attribution.start_recompute(
            Caller.system(world.site_ids[0]), world.site_ids[1], from_day="2026-01-01", to_day="2026-01-02"
        ).job_id
    ),
    "session_id": World.other_session,
    "key_id": lambda world: people.create_key(world.asks.person, "ci", ["reports:read"], world.asks.client).key.key_id,
    "provider": World.provider,
    "view_id": World.view,
    "DELETE /v1/teams/{team_id}/members/{user_id} user_id": World.in_team,
    "DELETE /v1/workspaces/{workspace_id}/members/{user_id} user_id": World.in_workspace,
}
"""What a route's parameter names; that of one route alone comes first."""
SAID: Mapping[str, object] = {
    **bodies(),
    "PATCH /v1/me": {"name": "Another Name"},
    "POST /v1/me/password": {"current_password": PASSWORD, "new_password": "another heron by the hearth"},
    "POST /v1/me/two-factor/confirm": World.first_code,
    "POST /v1/me/two-factor/disable": World.next_code,
    "POST /v1/me/recovery-codes": World.next_code,
    "POST /v1/me/oauth/{provider}/unlink": {"password": PASSWORD},
    "POST /v1/invitations/accept": World.invitation,
    "POST /v1/invitations/decline": World.invitation,
    "PATCH /v1/organization": {"name": "Another Name"},
    "PATCH /v1/members/{user_id}": {"role": "VIEWER"},
    "PATCH /v1/roles/{role_id}": {"description": "Another"},
    "PATCH /v1/teams/{team_id}": {"description": "Another"},
    "PATCH /v1/workspaces/{workspace_id}": {"monthly_orders": "FROM_500_TO_4999"},
    "PATCH /v1/sites/{site_id}": {"name": "Another Name"},
    "PUT /v1/sites/{site_id}/alert-settings": {"quiet_hours": {"start": "22:00", "end": "07:00"}},
    "PUT /v1/sites/{site_id}/attribution/settings": {"half_life_days": 3},
    "POST /v1/sites/{site_id}/customers/links/cut": World.linked,
}
"""Bodies, where the example of the document does not suffice to change something."""


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "CACHE_SECONDS", 0)


@pytest.fixture(scope="module")
def company(table: object) -> Company:
    return Company()


@pytest.fixture(scope="module")
def site(company: Company) -> NewSite:
    """Somebody came, told who they are, and bought."""
    made = tenancy.create_site(name="Shop", domains=["shop.example"], organization_id=company.organization_id)
    bought = {"type": "track", "event": "Order Completed", "userId": "ada", "properties": {"revenue": 10}}
    known = {"type": "identify", "anonymousId": "phone", "userId": "ada"}
    pipeline = Pipeline()
    for message in (known, bought):
        assert send_segment(made, "batch", {"batch": [message]})["statusCode"] == 200
        pipeline.drain()
    return made


@pytest.fixture(scope="module")
def owner(company: Company) -> Someone:
    """Asks everything that changes nothing of themselves."""
    return company.hire("OWNER")


@pytest.mark.parametrize("operation", CHANGES, ids=lambda operation: operation.route.key)
def test_a_change_is_entered(
    browser: Browser, company: Company, owner: Someone, site: NewSite, operation: Operation
) -> None:
    # GIVEN somebody who may do everything, and a thing of each kind the route names
    world, key = world_for(operation, company, owner, site), operation.route.key
    for name in operation.parameters:
        world.ids[name] = THINGS.get(f"{key} {name}", THINGS[name])(world)
    said = SAID.get(key, operation.body)
    body, person = said(world) if callable(said) else said, world.asks.person
    known = {_place(log, entry) for log in world.logs for entry in audit.entries(log, actor=person.user_id).items}

    # WHEN they ask for the change
    browser.jar["__Host-optiq"] = world.asks.signed_in.secret
    answer = browser(operation.route.method, operation.path(world.ids), body)

    # THEN it is made, and an audit log says so
    assert answer.status in (200, 201, 202, 204), answer.body
    logs = world.logs | {organization.organization_id for organization, _ in members.organizations_of(person)}
    entered = [
        entry.change
        for log in logs
        for entry in audit.entries(log, actor=person.user_id).items
        if _place(log, entry) not in known
    ]
    assert entered, "nobody could say who did this"
    assert all(each.entity and each.origin.network and each.origin.device for each in entered)


def test_what_is_said_of_routes_is_of_routes_that_are_there() -> None:
    routes = {each.route.key for each in operations()}
    named = {name.rpartition(" ")[0] for name in THINGS if " " in name}

    assert {*NOTHING_CHANGES, *SAID, *named} <= routes


def test_what_reports_rest_on_is_entered_with_before_and_after(company: Company, site: NewSite) -> None:
    ids = (company.organization_id, site.site.site_id)
    conversion = journeys.list_conversions(*ids, 1, None).items[0]
    rules = tenancy.channel_rule_versions(tenancy.operator(ids[0]), ids[1])[0]

    tenancy.set_channel_rules(tenancy.operator(ids[0]), ids[1], [ChannelRule("Partners", source="ally*")])
    attribution.set_settings(Caller.system(ids[0]), ids[1], AttributionSettings(custom=CustomWeights(0.5, 0.2, 0.3)))
    attribution.set_settings(Caller.system(ids[0]), ids[1], AttributionSettings(half_life_days=3.5))
    journeys.refund_conversion(*ids, conversion.conversion_id, 4_000_000, "r-7")
    job = attribution.start_recompute(
        Caller.system(ids[0]), ids[1], from_day="2026-01-01", to_day="2026-01-02", whole=True
    )
    attribution.cancel_job(Caller.system(ids[0]), job.job_id)
    # Again it changes nothing.
    attribution.cancel_job(Caller.system(ids[0]), job.job_id)
    attribution.set_settings(Caller.system(ids[0]), ids[1], AttributionSettings(half_life_days=3.5))

    entries = audit.entries(ids[0], actor=OPERATOR, limit=6).items
    cancelled, started, refunded, settings, _, channels = (entry.change for entry in entries)
    partners = '{"channel": "Partners", "source": "ally*", "medium": "", "campaign": ""}'
    assert (channels.action, channels.after["channel_rules"]) == ("channel_rules.changed", [partners])
    assert channels.before["channel_rules_version"] == rules.version
    assert (settings.action, settings.entity) == ("attribution_settings.changed", ids[1])
    assert settings.before["half_life_days"] == 7
    assert settings.before["custom"] == '{"first": 0.5, "middle": 0.2, "last": 0.3, "half_life_days": null}'
    assert (settings.after["half_life_days"], settings.after["custom"]) == (3.5, "null")
    assert (refunded.action, refunded.entity) == ("conversion.refunded", conversion.conversion_id)
    assert (refunded.before["value_micros"], refunded.after["amount_micros"]) == (10_000_000, 4_000_000)
    assert (started.action, started.entity, started.after["whole"]) == ("recompute.started", job.job_id, True)
    assert (cancelled.action, cancelled.after) == ("recompute.cancelled", {"status": "CANCELLED"})
    assert audit.verify(ids[0]).fault == ""


def _place(log: str, entry: Entry) -> tuple[str, str, int]:
    return log, entry.chain, entry.sequence
