"""What runs: the functions of every context, the API before them, the alarms behind. May be replaced at any time."""

from pathlib import Path

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.aws.alarms import Alarms
from infra.aws.capacity import reserve
from infra.aws.contexts.ads import Ads
from infra.aws.contexts.attribution import Attribution
from infra.aws.contexts.audit import Audit
from infra.aws.contexts.collect import Collect
from infra.aws.contexts.console import Console
from infra.aws.contexts.gateway import Gateway
from infra.aws.contexts.identity import Identity
from infra.aws.contexts.journeys import Journeys
from infra.aws.contexts.notifications import Notifications
from infra.aws.contexts.operations import Operations
from infra.aws.contexts.reports import Reports
from infra.aws.contexts.tenancy import Tenancy
from infra.aws.functions import Layers, OptiqFunction, Platform
from infra.aws.http_api import HttpApi
from infra.aws.stateful import StatefulStack
from infra.aws.tenant_access import TenantAccess


class ServiceStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, *, data: StatefulStack, packages: Path) -> None:
        super().__init__(scope, construct_id, description="Optiq: functions and API")
        platform = Platform(data, Layers(self, "Layers", packages))
        self.gateway = Gateway(self, "Gateway", platform)
        self.console = Console(self, "Console", platform)
        self.notifications = Notifications(self, "Notifications", platform)
        self.identity = Identity(self, "Identity", platform, self.notifications)
        self.audit = Audit(self, "Audit", platform)
        self.tenant_access = TenantAccess(self, "TenantAccess", data)
        self.tenancy = Tenancy(self, "Tenancy", platform, self.notifications)
        self.collect = Collect(self, "Collect", platform)
        self.journeys = Journeys(self, "Journeys", platform)
        self.attribution = Attribution(self, "Attribution", platform)
        self.reports = Reports(self, "Reports", platform)
        self.ads = Ads(self, "Ads", platform)
        self.operations = Operations(self, "Operations", platform)

        functions = [node for node in self.node.find_all() if isinstance(node, OptiqFunction)]
        reserve(self.node, functions)
        self.http = HttpApi(
            self,
            "Http",
            handlers={function.handler: function for function in functions},
            authorizer=self.identity.authorizer,
        )
        self.identity.say_where_it_is(self.http.api.api_endpoint)
        self.tenancy.say_where_it_is(self.http.api.api_endpoint)
        self.alarms = Alarms(self, "Alarms")
        self.alarms.watch_functions(functions)
        self.alarms.watch_consumers([self.journeys.on_events, self.attribution.on_conversions])
        self.alarms.watch_failures(data.failures)
        self.alarms.watch_api(self.http)
        self.alarms.watch_lake(self._readers_of_the_lake())
        CfnOutput(self, "Address", value=self.http.stage.url)
        CfnOutput(self, "AlarmTopic", value=self.alarms.topic.topic_arn)

    def _readers_of_the_lake(self) -> list[OptiqFunction]:
        attribution, journeys = self.attribution, self.journeys
        of_attribution = (attribution.routes, attribution.plan, attribution.fit_models, attribution.recompute_partition)
        of_journeys = (journeys.routes, journeys.customers, journeys.sweep)
        return [*of_attribution, *of_journeys, self.reports.routes, self.operations.hourly, self.operations.nightly]
