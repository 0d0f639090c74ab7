"""Tenancy: the settings of sites, behind the API."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Tenancy(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.routes = OptiqFunction(self, "Routes", platform, handler="functions.tenancy.routes.handler")
        platform.data.grant_table(self.routes, "GetItem", "PutItem")
