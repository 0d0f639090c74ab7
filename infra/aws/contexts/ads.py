"""Ads: what advertising cost, into the lake."""

from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform


class Ads(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self.routes = OptiqFunction(
            self,
            "Routes",
            platform,
            handler="functions.ads.routes.handler",
            memory_mb=1024,
            timeout_seconds=29,
            extra_layers=[platform.layers.lake],
        )
        platform.data.grant_table(self.routes, "GetItem")
        platform.data.lake.grant_append(self.routes, "ad_metrics")
