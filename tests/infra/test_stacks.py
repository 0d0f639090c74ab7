"""What runs on AWS: functions, routes, consumers."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from optiq.kernel.manifest import contexts, subscriptions

from infra.local.home import ROOT
from infra.local.mappings import MAPPINGS
from infra.local.scheduler import SCHEDULES
from infra.routes import AUTHORIZER, deployed_routes, routes
from tests.infra.conftest import Stack, handler_of, logical_id

TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"} | TRACES
SECRET = {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}
PUT_EVENTS = {"kinesis:PutRecord", "kinesis:PutRecords"}
READ_LIMITS = {"s3:GetObject"}
"""Of one object (test_the_edges_limits_are_one_object)."""
UPKEEP = ("functions.operations.hourly.handler", "functions.operations.nightly.handler")
ENDING = ("functions.deletion.step.handler", "functions.retention.sweep.handler")
"""They alone remove items: what is deleted, and what has had its time."""
ERASING = "functions.privacy.work_request.handler"
"""It takes a person's rows out of the lake's files."""
_REMOVING = {f"dynamodb:{action}" for action in ("Scan", "DeleteItem", "BatchWriteItem")}
CONSOLE_FILES = ROOT / "functions" / "console" / "served"


def test_the_pixel_may_only_put_events_and_read_the_secret(service: Stack) -> None:
    assert service.allowed_actions("functions.collect.pixel.handler") == LOGS | PUT_EVENTS | SECRET | READ_LIMITS


@pytest.mark.parametrize("module", ["collect.beacon", "collect.pixel", "journeys.on_events"])
def test_the_edges_limits_are_one_object(service: Stack, module: str) -> None:
    role = service.function(f"functions.{module}.handler")[1]["Role"]["Fn::GetAtt"][0]
    policies = [one for one in service.of_type("AWS::IAM::Policy").values() if {"Ref": role} in one["Roles"]]
    said = [statement for one in policies for statement in one["PolicyDocument"]["Statement"]]
    resources = [one for statement in said for one in _each(statement["Resource"])]
    named = [json.dumps(one) for one in resources if "/edge/" in json.dumps(one)]
    assert [one.endswith('/edge/limits.json"]]}') for one in named] == [True]


def _each(resource: Any) -> list[Any]:
    return resource if isinstance(resource, list) else [resource]


@pytest.mark.parametrize("handler", ["functions.collect.script.handler", "functions.console.pages.handler"])
def test_what_serves_files_may_do_nothing(service: Stack, handler: str) -> None:
    assert service.allowed_actions(handler) == LOGS


@pytest.mark.parametrize("module", ["beacon", "segment", "measurement"])
def test_what_events_are_sent_to_may_look_up_one_item_but_not_search(service: Stack, module: str) -> None:
    allowed = service.allowed_actions(f"functions.collect.{module}.handler")

    assert allowed == LOGS | PUT_EVENTS | SECRET | READ_LIMITS | {"dynamodb:GetItem"}


def test_who_replays_may_put_events_read_and_enter_who_did_it(service: Stack) -> None:
    allowed = service.allowed_actions("functions.collect.routes.handler")

    reading = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    assert allowed == LOGS | PUT_EVENTS | SECRET | reading | {"dynamodb:PutItem", "dynamodb:UpdateItem"}


def test_who_takes_idempotency_keys_may_keep_sealed_answers(service: Stack) -> None:
    keeping = {"dynamodb:GetItem", "dynamodb:UpdateItem", "secretsmanager:GetSecretValue"}

    assert not [
        route.key for route in routes() if route.takes_key and not keeping <= service.allowed_actions(route.handler)
    ]


def test_who_changes_something_may_enter_it_sealed(service: Stack) -> None:
    asking = {route.key for route in routes() if route.keyless_because == "it changes nothing"}
    changing = {
        route.handler for route in routes() if not route.is_open and route.method != "GET" and route.key not in asking
    }
    entering = {"dynamodb:GetItem", "dynamodb:PutItem", "secretsmanager:GetSecretValue"}

    assert {handler for handler in changing if not entering <= service.allowed_actions(handler)} == set()


@pytest.mark.parametrize(
    "handler",
    [
        "functions.journeys.on_events.handler",
        "functions.journeys.routes.handler",
        "functions.attribution.on_conversions.handler",
        "functions.attribution.routes.handler",
    ],
)
def test_handlers_that_read_histories_may_query_their_pages(service: Stack, handler: str) -> None:
    assert {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"} <= service.allowed_actions(handler)


def test_the_consumer_of_events_deletes_nothing(service: Stack) -> None:
    allowed = service.allowed_actions("functions.journeys.on_events.handler")

    assert not {"dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} & allowed


@pytest.mark.parametrize("module", ["sign_in", "routes"])
def test_who_makes_sessions_writes_the_table_and_links_to_the_api(service: Stack, module: str) -> None:
    handler = f"functions.identity.{module}.handler"

    writing = {f"dynamodb:{action}" for action in ("GetItem", "PutItem", "UpdateItem", "Query")}
    assert service.allowed_actions(handler) == LOGS | SECRET | writing
    assert "OPTIQ_PUBLIC_URL" in service.function(handler)[1]["Environment"]["Variables"]


MAILING = (
    "functions.notifications.on_mail_requested.handler",
    "functions.notifications.on_notification_requested.handler",
    "functions.notifications.on_webhook.handler",
    "functions.notifications.send_due.handler",
    "functions.sharing.send_due.handler",
)
"""What sends deliveries, and mails that are too large for the table."""


def test_these_functions_may_send_mail_and_no_other(service: Stack) -> None:
    handlers = [handler_of(function) for function in service.of_type("AWS::Lambda::Function").values()]

    assert {one for one in handlers if "ses:SendEmail" in service.allowed_actions(one)} == set(MAILING)


@pytest.mark.parametrize("sender", MAILING)
def test_mail_is_sent_as_one_sender_only(service: Stack, sender: str) -> None:
    role = service.function(sender)[1]["Role"]["Fn::GetAtt"][0]
    policies = [p for p in service.of_type("AWS::IAM::Policy").values() if {"Ref": role} in p["Roles"]]
    (sending,) = (
        statement
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "ses:SendEmail"
    )

    assert sending["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": logical_id("mail_sender")}}}
    assert "*" not in json.dumps(sending["Resource"])
    environment = service.function(sender)[1]["Environment"]["Variables"]
    assert {"OPTIQ_MAIL_SENDER", "OPTIQ_MAIL_CARRIER"} <= set(environment)


def test_every_subscription_has_a_rule_on_the_bus_with_retries_and_a_dead_letter_queue(service: Stack) -> None:
    rules = [rule for rule in service.of_type("AWS::Events::Rule").values() if rule.get("EventBusName") == "optiq"]
    asynchronous = {
        config["FunctionName"]["Ref"]: config for config in service.of_type("AWS::Lambda::EventInvokeConfig").values()
    }

    made = set()
    for rule in rules:
        (target,) = rule["Targets"]
        (function,) = target["Arn"]["Fn::GetAtt"][:1]
        (kind,) = rule["EventPattern"]["detail-type"]
        made.add((handler_of(service.resources[function]["Properties"]), kind))
        assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
        assert target["DeadLetterConfig"] == {"Arn": {"Ref": logical_id("failures_queue")}}
        assert asynchronous[function]["MaximumRetryAttempts"] == 2
        assert asynchronous[function]["DestinationConfig"]["OnFailure"] == {
            "Destination": {"Ref": logical_id("failures_queue")}
        }
    assert made == {
        (subscription.context.handler(subscription.function), subscription.kind.__name__)
        for subscription in subscriptions()
    }


def test_the_relay_gets_new_items_of_the_outbox_and_may_only_settle_them(service: Stack) -> None:
    name, _ = service.function("functions.events.relay.handler")
    (mapping,) = (
        one
        for one in service.of_type("AWS::Lambda::EventSourceMapping").values()
        if one["FunctionName"] == {"Ref": name}
    )

    assert mapping["EventSourceArn"] == {"Ref": logical_id("table_stream")}
    (pattern,) = (json.loads(entry["Pattern"]) for entry in mapping["FilterCriteria"]["Filters"])
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "OUTBOX#"}]}}}}
    # A day is as long as the table's stream remembers.
    assert mapping["MaximumRecordAgeInSeconds"] == 86_400
    allowed = service.allowed_actions("functions.events.relay.handler")
    reading = {f"dynamodb:{action}" for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
    failing = {"s3:PutObject", "s3:ListBucket"}
    assert allowed == LOGS | reading | failing | {"dynamodb:UpdateItem", "events:PutEvents"}


def test_deliveries_bounces_and_complaints_reach_the_log_of_mails(service: Stack) -> None:
    destinations = service.of_type("AWS::SES::ConfigurationSetEventDestination").values()
    (rule,) = (one for one in service.of_type("AWS::Events::Rule").values() if "EventBusName" not in one)
    name, _ = service.function("functions.notifications.on_mail_events.handler")

    reported = [one["EventDestination"]["MatchingEventTypes"] for one in destinations]
    outcomes = ["delivery", "bounce", "complaint", "reject"]
    assert sorted(reported) == sorted([outcomes, [*outcomes, "open", "click"], [*outcomes, "open", "click"]])
    assert rule["EventPattern"]["source"] == ["aws.ses"]
    assert rule["Targets"][0]["Arn"] == {"Fn::GetAtt": [name, "Arn"]}
    assert rule["EventPattern"]["detail-type"] == [
        "Email Delivered",
        "Email Bounced",
        "Email Complaint Received",
        "Email Rejected",
        "Email Opened",
        "Email Clicked",
    ]
    writing = {f"dynamodb:{action}" for action in ("GetItem", "PutItem", "UpdateItem")}
    assert service.allowed_actions("functions.notifications.on_mail_events.handler") == LOGS | writing
    assert service.allowed_actions("functions.notifications.routes.handler") == LOGS | SECRET | writing | {
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
    }


def test_mail_whose_links_sign_people_in_is_not_followed(service: Stack) -> None:
    sets = service.of_type("AWS::SES::ConfigurationSet").values()

    assert sorted(one["Name"] for one in sets) == ["optiq-account", "optiq-alert", "optiq-report"]
    for one in service.of_type("AWS::SES::ConfigurationSetEventDestination").values():
        followed = "click" in one["EventDestination"]["MatchingEventTypes"]
        assert followed is ("Account" not in str(one["ConfigurationSetName"]))


def test_the_authorizer_may_read_and_note_use_but_make_nothing(service: Stack) -> None:
    allowed = service.allowed_actions("functions.identity.authorizer.handler")

    # With the secret it checks the operator's key.
    assert allowed == LOGS | SECRET | {f"dynamodb:{action}" for action in ("GetItem", "BatchGetItem", "UpdateItem")}


def test_nobody_but_what_ends_data_may_scan_or_delete_items(service: Stack) -> None:
    for function in service.of_type("AWS::Lambda::Function").values():
        allowed = service.allowed_actions(handler_of(function))
        assert not {action for action in allowed if action.endswith("*")}
        assert not allowed & _REMOVING or handler_of(function) in ENDING
        assert "s3:DeleteObject" not in allowed or handler_of(function) in (*UPKEEP, *ENDING, ERASING)


def test_the_lakes_upkeep_reaches_the_lake_alone(service: Stack, data: Stack) -> None:
    files = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"}
    for handler in UPKEEP:
        assert service.allowed_actions(handler) == LOGS | files


def test_a_damaged_file_of_the_lake_sets_off_an_alarm_wherever_it_is_met(service: Stack) -> None:
    filters = service.of_type("AWS::Logs::MetricFilter").values()
    alarms = service.of_type("AWS::CloudWatch::Alarm").values()
    (alarm,) = (each for each in alarms if each.get("MetricName") == "DamagedLakeFiles")
    watched = {item["LogGroupName"]["Ref"] for item in filters}
    askers = {
        function["LoggingConfig"]["LogGroup"]["Ref"]
        for function in service.of_type("AWS::Lambda::Function").values()
        if service.allowed_actions(handler_of(function)) & {"athena:StartQueryExecution", "s3:DeleteObject"}
    }

    assert watched == askers
    assert {item["FilterPattern"] for item in filters} == {
        '{ ($.level = "ERROR") && ($.message = "the lake\'s file *") }'
    }
    assert alarm["Namespace"] == "Optiq"


def test_every_consumer_isolates_bad_records_and_keeps_them_whole(service: Stack) -> None:
    consumers = service.of_type("AWS::Lambda::EventSourceMapping")

    assert len(consumers) == len(MAPPINGS) + 1
    for consumer in consumers.values():
        if consumer["EventSourceArn"] != {"Ref": logical_id("table_stream")}:
            assert consumer["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert consumer["BisectBatchOnFunctionError"] is True
        # -1 would be for ever: one bad record would then stop its shard until the stream forgets it.
        assert 0 < consumer["MaximumRetryAttempts"] <= 10_000
        assert 0 < consumer["MaximumRecordAgeInSeconds"] < 7 * 86_400
        destination = consumer["DestinationConfig"]["OnFailure"]["Destination"]
        assert logical_id("failures_bucket") in json.dumps(destination)


def test_each_message_type_has_one_consumer_but_for_conversions_which_integrators_get_too(service: Stack) -> None:
    taken = []
    for consumer in service.of_type("AWS::Lambda::EventSourceMapping").values():
        (pattern,) = (json.loads(entry["Pattern"]) for entry in consumer["FilterCriteria"]["Filters"])
        taken += pattern.get("data", {}).get("type", [])

    assert sorted(taken) == sorted(kind for mapping in MAPPINGS for kind in mapping.kinds)
    assert {kind: taken.count(kind) for kind in taken if taken.count(kind) > 1} == {"ConversionRecorded": 3}


def test_every_function_runs_on_arm_with_a_log_group_of_its_own(service: Stack) -> None:
    functions = service.of_type("AWS::Lambda::Function")
    groups = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions.values()]

    assert all(function["Architectures"] == ["arm64"] for function in functions.values())
    assert len(set(groups)) == len(functions)
    for group in service.of_type("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == 30


def test_a_functions_asset_holds_its_own_context_only(service: Stack, assembly: Path) -> None:
    key = service.function("functions.collect.beacon.handler")[1]["Code"]["S3Key"]
    asset = assembly / f"asset.{key.removesuffix('.zip')}"
    found = {str(path.relative_to(asset)) for path in asset.rglob("*") if path.is_file()}

    expected = {"functions/__init__.py"} | {
        str(path.relative_to(ROOT)) for path in (ROOT / "functions" / "collect").glob("*.py")
    }
    assert found == expected


def test_the_consoles_asset_holds_its_served_form(service: Stack, assembly: Path) -> None:
    key = service.function("functions.console.pages.handler")[1]["Code"]["S3Key"]
    asset = assembly / f"asset.{key.removesuffix('.zip')}" / "functions" / "console" / "served"

    assert _files(asset) == _files(CONSOLE_FILES)


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_functions_without_the_lake_layer_import_without_its_packages(service: Stack) -> None:
    lakes = {name for name in service.of_type("AWS::Lambda::LayerVersion") if "PlatformLake" in name}
    light = [
        handler_of(function).rpartition(".")[0]
        for function in service.of_type("AWS::Lambda::Function").values()
        if not lakes & {layer["Ref"] for layer in function["Layers"]}
    ]
    refuse = "import sys, importlib; sys.modules.update(dict.fromkeys(('numpy', 'pyarrow', 'duckdb', 'sqlglot')))"
    load = "; ".join(f"importlib.import_module({module!r})" for module in light)

    done = subprocess.run([sys.executable, "-c", f"{refuse}; {load}"], capture_output=True, text=True, check=False)

    assert "functions.collect.beacon" in light
    assert done.returncode == 0, done.stderr


def test_every_handler_exists(service: Stack) -> None:
    for function in service.of_type("AWS::Lambda::Function").values():
        module, _, name = handler_of(function).rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


def test_routes_are_those_that_functions_declare(service: Stack) -> None:
    deployed = {route["RouteKey"]: route for route in service.of_type("AWS::ApiGatewayV2::Route").values()}

    assert set(deployed) == {route.key for route in deployed_routes()}
    for route in deployed_routes():
        assert _handler_of(service, deployed[route.key]) == route.handler


def test_guarded_routes_and_only_they_stand_behind_the_authorizer(service: Stack) -> None:
    deployed = {route["RouteKey"]: route for route in service.of_type("AWS::ApiGatewayV2::Route").values()}
    (properties,) = service.of_type("AWS::ApiGatewayV2::Authorizer").values()

    assert service.function(AUTHORIZER)[0] in json.dumps(properties["AuthorizerUri"])
    assert properties["EnableSimpleResponses"] is True
    # What it answers depends on more than a credential: it is asked each time.
    assert properties["AuthorizerResultTtlInSeconds"] == 0
    assert not properties.get("IdentitySource")
    for route in deployed_routes():
        if not route.open_because:
            assert deployed[route.key]["AuthorizationType"] == "CUSTOM"
            assert deployed[route.key]["AuthorizerId"] == {"Ref": logical_id("authorizer")}
        else:
            assert deployed[route.key]["AuthorizationType"] == "NONE"


def test_nothing_is_reachable_but_through_the_api(service: Stack, data: Stack) -> None:
    assert not service.of_type("AWS::Lambda::Url")
    assert not service.of_type("AWS::S3::Bucket")
    callers = {permission["Principal"] for permission in service.of_type("AWS::Lambda::Permission").values()}
    assert callers == {"apigateway.amazonaws.com", "events.amazonaws.com"}
    for bucket in data.of_type("AWS::S3::Bucket").values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_pages_of_any_origin_may_send_but_without_cookies(service: Stack) -> None:
    (api,) = service.of_type("AWS::ApiGatewayV2::Api").values()

    cors = api["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["*"]
    assert set(cors["AllowHeaders"]) == {"authorization", "*"}
    assert set(cors["AllowMethods"]) == {"GET", "POST"}
    assert cors["ExposeHeaders"] == ["retry-after", "ratelimit", "ratelimit-policy"]
    assert not cors.get("AllowCredentials")


def test_the_api_is_throttled_and_logs_neither_address_nor_query(service: Stack) -> None:
    (stage,) = service.of_type("AWS::ApiGatewayV2::Stage").values()

    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    logged = stage["AccessLogSettings"]["Format"]
    assert "status" in logged
    assert not [word for word in ("sourceIp", "queryString", "rawQuery", "userAgent") if word in logged]


WORKFLOWS = {
    f"optiq-{workflow.name.replace('_', '-')}": {
        f"{task}FunctionArn": context.handler(module) for task, module in workflow.tasks.items()
    }
    for context in contexts()
    for workflow in context.workflows
}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_logged_traced_and_names_its_functions(service: Stack, name: str) -> None:
    machines = {one["StateMachineName"]: one for one in service.of_type("AWS::StepFunctions::StateMachine").values()}
    machine = machines[name]

    assert set(machines) == set(WORKFLOWS)
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert machine["LoggingConfiguration"]["Level"] == "ALL"
    tasks = {name: value["Fn::GetAtt"][0] for name, value in machine["DefinitionSubstitutions"].items()}
    assert tasks == {task: service.function(handler)[0] for task, handler in WORKFLOWS[name].items()}


def test_what_is_scheduled_here_is_scheduled_there(service: Stack) -> None:
    schedules = service.of_type("AWS::Scheduler::Schedule").values()

    names = {service.function(schedule.handler)[0] for schedule in SCHEDULES}
    assert {schedule["Target"]["Arn"]["Fn::GetAtt"][0] for schedule in schedules} == names
    assert all("DeadLetterConfig" in schedule["Target"] for schedule in schedules)


def test_every_alarm_tells_the_topic(service: Stack) -> None:
    alarms = service.of_type("AWS::CloudWatch::Alarm").values()
    (topic,) = service.of_type("AWS::SNS::Topic")

    for alarm in alarms:
        assert alarm["AlarmActions"] in ([{"Ref": topic}], [{"Ref": logical_id("alarms")}])
    metrics = [alarm["MetricName"] for alarm in alarms if "MetricName" in alarm]
    assert metrics.count("IteratorAge") == len(MAPPINGS) + 1
    assert {"5xx", "ApproximateNumberOfMessagesVisible"} <= set(metrics)


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_one_alarm_of_a_context_watches_all_its_functions(stacks: dict[str, Stack], metric: str) -> None:
    for name, stack in stacks.items():
        functions = {f"{logical}" for logical in stack.of_type("AWS::Lambda::Function")}
        watched = {
            dimension["Value"]["Ref"]
            for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()
            for query in alarm.get("Metrics", ())
            if query.get("MetricStat", {}).get("Metric", {}).get("MetricName") == metric
            for dimension in query["MetricStat"]["Metric"]["Dimensions"]
        }
        assert watched == functions, name


def test_every_stack_is_far_from_cloudformations_limit(stacks: dict[str, Stack]) -> None:
    assert max(len(stack.resources) for stack in stacks.values()) <= 250


def test_the_api_has_room_for_more_routes() -> None:
    # The quota of an HTTP API is 300 routes.
    assert len(deployed_routes()) <= 280


def test_an_open_path_leaves_preflights_to_the_api() -> None:
    assert not [route.key for route in deployed_routes() if route.open_because and route.method == "ANY"]


def test_no_stack_imports_what_another_exports(assembly: Path) -> None:
    for template in assembly.glob("*.template.json"):
        assert "Fn::ImportValue" not in template.read_text(), template.name


def _handler_of(service: Stack, route: dict[str, Any]) -> str:
    """The handler behind a route: route -> integration -> function."""
    integration = route["Target"]["Fn::Join"][1][1]["Ref"]
    function = service.resources[integration]["Properties"]["IntegrationUri"]["Fn::GetAtt"][0]
    handler: str = handler_of(service.resources[function]["Properties"])
    return handler


def test_functions_name_every_resource_for_traces_alone(service: Stack) -> None:
    """The wildcard that is acknowledged for a role must not cover what another change adds. A function that reads the
    table's stream may list streams: that action names no resource."""
    roles = {function["Role"]["Fn::GetAtt"][0] for function in service.of_type("AWS::Lambda::Function").values()}
    policies = service.of_type("AWS::IAM::Policy").values()
    anything = [
        action
        for policy in policies
        if roles & {role["Ref"] for role in policy["Roles"]}
        for statement in policy["PolicyDocument"]["Statement"]
        if "*" in (statement["Resource"], *(statement["Resource"] if isinstance(statement["Resource"], list) else ()))
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]

    assert set(anything) == TRACES | {"dynamodb:ListStreams"}


def test_every_function_is_traced(service: Stack) -> None:
    functions = service.of_type("AWS::Lambda::Function").values()

    assert {function["TracingConfig"]["Mode"] for function in functions} == {"Active"}
