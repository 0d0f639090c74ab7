"""Who may call: one function stands before every management route, another manages sites' ingestion tokens."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Identity(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.authorizer = OptiqFunction(
            self, "Authorizer", platform, handler="functions.identity.authorizer.handler", timeout_seconds=5
        )
        self.routes = OptiqFunction(self, "Routes", platform, handler="functions.identity.routes.handler")

        platform.data.grant_table(self.authorizer, "GetItem")
        platform.data.grant_table(self.routes, "GetItem", "PutItem", "UpdateItem", "Query")
        platform.data.grant_index(self.routes)
