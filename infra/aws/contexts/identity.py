"""Who may call: one function stands before every management route."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Identity(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.authorizer = OptiqFunction(
            self, "Authorizer", platform, handler="functions.identity.authorizer.handler", timeout_seconds=5
        )
        platform.data.grant_table(self.authorizer, "GetItem")
