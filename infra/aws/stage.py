"""The stage that makes the API's routes reachable, with a throttle for each kind of route. It is deployed last, because
a stage refuses settings of routes that are not there yet; a context that is deployed alone has the usual throttle.
"""

import json

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.aws.alarms import FIVE_MINUTES, Alarms
from infra.aws.dashboard import Dashboard
from infra.aws.neighbours import shared
from infra.aws.options import Options, options_of
from infra.routes import routes

_COLLECTION, _SIGN_IN, _OTHER = 2_000, 20, 200
"""Requests a second on one route, of all callers together. At once it may be twice as many."""
# Neither address nor query string: the one is personal, the other carries what a visitor did.
_LOGGED = ("requestId", "requestTime", "httpMethod", "routeKey", "status", "responseLatency", "integrationErrorMessage")


class StageStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, description="Optiq: the API's stage, its throttles, and a dashboard")
        within = Construct(self, "Stage")
        log_group = logs.LogGroup(
            within, "AccessLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        stage = gateway.CfnStage(
            within,
            "Default",
            api_id=shared(self, "api"),
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=gateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=_OTHER, throttling_burst_limit=2 * _OTHER
            ),
            route_settings={
                route.key: _throttle(_COLLECTION if route.collects else _SIGN_IN)
                for route in routes()
                if route.collects or route.signs_in
            },
            access_log_settings=gateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn,
                format=json.dumps({name: f"$context.{name}" for name in _LOGGED}),
            ),
        )
        alarms = Alarms(within, "Alarms", sns.Topic.from_topic_arn(within, "Alarmed", shared(self, "alarms")))
        alarms.add("ApiServerErrors", _server_errors(shared(self, "api")), "answers 5xx")
        failures = sqs.Queue.from_queue_arn(within, "FailuresQueue", shared(self, "failures_queue"))
        Dashboard(
            within,
            "Dashboard",
            table=shared(self, "table"),
            stream=shared(self, "stream"),
            failures_queue=failures.queue_name,
            api_id=shared(self, "api"),
        )
        options = options_of(self.node)
        if options.domain:
            _add_domain(self, within, options, stage)
        CfnOutput(self, "Address", value=shared(self, "address"))


def _add_domain(stack: Stack, scope: Construct, options: Options, stage: gateway.CfnStage) -> None:
    """The API's own domain. Whoever has its zone points it at the output `DomainTarget`."""
    domain = gateway.CfnDomainName(
        scope,
        "Domain",
        domain_name=options.domain,
        domain_name_configurations=[
            gateway.CfnDomainName.DomainNameConfigurationProperty(
                certificate_arn=options.certificate, endpoint_type="REGIONAL", security_policy="TLS_1_2"
            )
        ],
    )
    mapping = gateway.CfnApiMapping(
        scope, "Mapping", api_id=shared(stack, "api"), domain_name=domain.ref, stage=stage.ref
    )
    mapping.add_dependency(domain)
    CfnOutput(stack, "DomainTarget", value=domain.attr_regional_domain_name)


def _throttle(rate: int) -> dict[str, int]:
    return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": 2 * rate}


def _server_errors(api_id: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/ApiGateway",
        metric_name="5xx",
        dimensions_map={"ApiId": api_id, "Stage": "$default"},
        statistic="Sum",
        period=FIVE_MINUTES,
    )
