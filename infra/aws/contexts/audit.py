"""Audit: the organization's book, behind the API."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Audit(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        # A check reads the whole book.
        self.routes = OptiqFunction(
            self, "Routes", platform, handler="functions.audit.routes.handler", timeout_seconds=29
        )
        platform.data.grant_table(self.routes, "GetItem", "Query")
        platform.data.grant_index(self.routes)
        platform.data.secret.grant_read(self.routes)
