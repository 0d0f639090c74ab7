"""The findings of cdk-nag's AwsSolutions rules that we live with, one by one, each with its reason.

Synthesis fails for any other finding.
"""

from aws_cdk import Acknowledgment, CfnElement, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from infra.aws.functions import OptiqFunction
from infra.aws.service import ServiceStack
from infra.aws.stateful import StatefulStack
from infra.routes import routes

# Resources of the other stack as cdk-nag spells them: by the name of their export.
_LAKE = "OptiqData:ExportsOutputFnGetAttLakeBucketB1D32E10Arn6706D8FF"
_FAILURES = "OptiqData:ExportsOutputFnGetAttFailuresBucket3D5A4556Arn1937E302"
_GLUE_TABLES = "arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/optiq/*"


def acknowledge_findings(data: StatefulStack, service: ServiceStack) -> None:
    _acknowledge_data(data)
    _acknowledge_routes(service)
    _acknowledge_wildcards(service)


def _acknowledge_data(data: StatefulStack) -> None:
    access_logs = "Access logs of a bucket only our own functions and Athena reach; CloudTrail data events tell more."
    _accept(data.lake.bucket, "S1", access_logs)
    _accept(data.failures.bucket, "S1", access_logs)
    _accept(
        data.secret,
        "SMG4",
        "Every identity hash and site key derives from it: after a rotation every visitor would be a stranger.",
    )
    _accept(data.oauth, "SMG4", "What providers gave the operator is renewed at the providers.")
    _accept(data.failures.queue, "SQS3", "It is a dead-letter queue itself, of the stream and of the schedule.")


def _acknowledge_routes(service: ServiceStack) -> None:
    for route in routes():
        if route.is_open:
            _accept(service.http.route(route), "APIG4", f"It is open, because {route.open_because}.")


def _acknowledge_wildcards(service: ServiceStack) -> None:
    attribution = service.attribution
    for function, tables in (
        (service.journeys.on_events, ("events", "sessions", "touches", "conversions")),
        (service.journeys.customers, ("events", "sessions", "touches", "conversions")),
        (service.journeys.sweep, ("abandoned_journeys",)),
        (attribution.on_conversions, ("credits",)),
        (attribution.recompute_partition, ("credits",)),
        (service.ads.routes, ("ad_metrics",)),
    ):
        for table in tables:
            _accept_resource(
                function.role, f"{_LAKE}/lake/{table}/*", f"A file of {table} is named when it is written."
            )
    for function in (service.operations.hourly, service.operations.nightly):
        _accept_resource(function.role, f"{_LAKE}/lake/*", "It merges the files of every table and organization.")
    for function in (service.journeys.on_events, attribution.on_conversions):
        _accept_resource(function.role, f"{_FAILURES}/*", "A failed batch is named by Lambda when it is written.")
    for function in (
        attribution.routes,
        attribution.plan,
        attribution.fit_models,
        attribution.recompute_partition,
        service.reports.routes,
        service.journeys.customers,
        service.journeys.routes,
        service.journeys.sweep,
    ):
        _accept_resource(
            function.role, f"{_LAKE}/lake/*", "Athena reads with the caller's permissions: any lake table."
        )
        _accept_resource(function.role, f"{_LAKE}/query-results/*", "Athena names each result.")
        _accept_resource(function.role, _GLUE_TABLES, "A report may join any of our database's tables.")
    _accept_resource(attribution.machine.role, "*", "Deliveries of logs and traces have no resource to name.")
    _accept_resource(
        attribution.machine.role,
        "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:optiq-attribution-recompute:*",
        "A distributed map names the executions of its items when it starts them.",
    )
    for role, function in (
        (attribution.schedule_role, attribution.nightly),
        (service.journeys.schedule_role, service.journeys.sweep),
        (service.operations.schedule_role, service.operations.hourly),
        (service.operations.schedule_role, service.operations.nightly),
        (service.notifications.schedule_role, service.notifications.send_owed),
    ):
        _accept_resource(
            role,
            f"<{service.get_logical_id(_resource_of(function))}.Arn>:*",
            "The wildcard stands for the versions of the one scheduled function.",
        )


def _resource_of(function: OptiqFunction) -> CfnElement:
    resource = function.node.default_child
    if not isinstance(resource, CfnElement):
        raise TypeError(f"{function.node.path} has no CloudFormation resource")
    return resource


def _accept_resource(role: iam.IRole | None, resource: str, reason: str) -> None:
    if role is None:
        raise TypeError(f"there is no role to accept {resource} for")
    _accept(role, f"IAM5[Resource::{resource}]", reason)


def _accept(construct: IConstruct, rule: str, reason: str) -> None:
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason))
