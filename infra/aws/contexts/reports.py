"""Reports: SQL over the lake, behind the API."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Reports(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.routes = OptiqFunction(
            self, "Routes", platform, handler="functions.reports.routes.handler", timeout_seconds=29
        )
        platform.data.grant_table(self.routes, "GetItem", "Query")
        platform.data.lake.grant_query(self.routes)
