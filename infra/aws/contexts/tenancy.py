"""Tenancy: the settings of sites, behind the API."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Tenancy(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.routes = OptiqFunction(self, "Routes", platform, handler="functions.tenancy.routes.handler")
        # Every change is entered into the organization's book, sealed with a key that the secret gives.
        platform.data.grant_table(self.routes, "GetItem", "PutItem", "UpdateItem", "Query")
        platform.data.secret.grant_read(self.routes)
