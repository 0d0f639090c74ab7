"""Tenancy: organizations, their people and sites, behind the API."""

from constructs import Construct

from infra.aws.contexts.notifications import Notifications
from infra.aws.functions import OptiqFunction, Platform


class Tenancy(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform, notifications: Notifications) -> None:
        super().__init__(scope, construct_id)
        self.routes = OptiqFunction(self, "Routes", platform, handler="functions.tenancy.routes.handler")
        # Every change is entered into the organization's book, sealed with a key that the secret gives.
        platform.data.grant_table(self.routes, "GetItem", "PutItem", "UpdateItem", "Query")
        # A site tells of its workspace, if that is secret, only who is in it.
        platform.data.grant_index(self.routes)
        platform.data.secret.grant_read(self.routes)
        self.organizations, self.members = (
            OptiqFunction(
                self,
                construct_id,
                platform,
                handler=f"functions.tenancy.{module}.handler",
                memory_mb=1024,
                timeout_seconds=29,
                shares=("identity",),
            )
            for construct_id, module in (("Organizations", "organizations"), ("Members", "members"))
        )
        for function in (self.organizations, self.members):
            platform.data.grant_table(function, "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query")
            # Who leaves the organization leaves their teams and workspaces.
            platform.data.grant_index(function)
            platform.data.secret.grant_read(function)
        notifications.allow_mail(self.members)
        self.groups, self.tokens = (
            OptiqFunction(self, construct_id, platform, handler=f"functions.tenancy.{module}.handler")
            for construct_id, module in (("Groups", "groups"), ("Tokens", "tokens"))
        )
        for function in (self.groups, self.tokens):
            platform.data.grant_table(function, "GetItem", "PutItem", "UpdateItem", "Query")
            platform.data.grant_index(function)
            platform.data.secret.grant_read(function)

    def say_where_it_is(self, public_url: str) -> None:
        """Where the links in invitations lead."""
        self.members.add_environment("OPTIQ_PUBLIC_URL", public_url)
