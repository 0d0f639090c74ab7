"""The console's pages: files and nothing else, so the function is granted nothing."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Console(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.pages = OptiqFunction(self, "Pages", platform, handler="functions.console.pages.handler")
