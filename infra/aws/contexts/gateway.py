"""What answers for the API itself: that it is up, and what it offers."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Gateway(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.health = OptiqFunction(self, "Health", platform, handler="functions.gateway.health.handler")
        self.openapi = OptiqFunction(self, "Openapi", platform, handler="functions.gateway.openapi.handler")
