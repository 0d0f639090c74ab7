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
            shares=("tenancy",),
        )
        platform.data.grant_table(self.routes, "GetItem", "PutItem")
        platform.data.secret.grant_read(self.routes)
        platform.data.lake.grant_append(self.routes, "ad_metrics")
