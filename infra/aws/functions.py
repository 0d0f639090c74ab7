"""How every function is made from its manifest: small asset, own role, own log group, and what it may touch."""

from collections.abc import Sequence

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, Node
from optiq.kernel.manifest import Context, Function, TableAction

from infra.aws.findings import accept_wildcard
from infra.aws.platform import ROOT, Platform
from infra.routes import routes

RESERVATION = "reservedConcurrency"
ENTRY = "optiq.kernel.watched.handler"
"""What Lambda calls of every function; OPTIQ_HANDLER names the handler behind it."""

_KEEPING: tuple[TableAction, ...] = ("GetItem", "UpdateItem")
"""What it takes to keep an answer for its Idempotency-Key, sealed with the platform's secret."""


class OptiqFunction(lambda_.Function):
    """One handler module of `functions/<context>/`.

    Its asset holds `functions/<context>` and what the manifest says it shares and reads. It may write its own logs and
    touch what the manifest names, nothing else.
    """

    def __init__(self, scope: Construct, platform: Platform, context: Context, function: Function) -> None:
        construct_id = function.module.title().replace("_", "")
        log_group = logs.LogGroup(
            scope,
            f"{construct_id}Logs",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(scope, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        super().__init__(
            scope,
            construct_id,
            code=_code([context.name, *function.shares]),
            handler=ENTRY,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            layers=[
                *platform.common,
                *([platform.columns] if function.columns else []),
                *([platform.stripe_package] if function.asks_stripe else []),
            ],
            memory_size=function.memory_mb,
            timeout=Duration.seconds(function.timeout_seconds),
            environment=platform.environment
            | {"POWERTOOLS_SERVICE_NAME": context.name, "OPTIQ_HANDLER": context.handler(function)},
            role=role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            reserved_concurrent_executions=_reserved(scope.node, function),
            tracing=lambda_.Tracing.ACTIVE,
        )
        accept_wildcard(role, "*", "X-Ray takes trace segments for no resource: they belong to the account.")
        self.handler = context.handler(function)
        self.reads_lake = "lake" in function.may or "upkeep" in function.may
        self._grant(platform, function)

    def _grant(self, platform: Platform, function: Function) -> None:
        keeps = any(route.takes_key for route in routes() if route.handler == self.handler)
        if actions := dict.fromkeys((*function.table, *(_KEEPING if keeps else ()))):
            platform.grant_table(self, actions)
        if function.appends:
            platform.grant_append(self, function.appends)
        if function.places and (geoip := platform.geoip):
            self.add_layers(geoip.layer)
            self.add_environment("OPTIQ_GEOIP", geoip.path)
        grants = {
            "index": platform.grant_index,
            "secret": lambda one: platform.secret.grant_read(one),
            "stream": platform.grant_stream,
            "lake": platform.grant_queries,
            "upkeep": platform.grant_upkeep,
            "mail": platform.grant_mail,
            "oauth": platform.grant_oauth,
            "bus": platform.grant_bus,
            "address": platform.grant_address,
            "roles": platform.grant_roles,
            "stripe": platform.grant_stripe,
            "shards": platform.grant_shards,
            "limits": platform.grant_limits,
            "reads_limits": platform.grant_reading_limits,
            "status": platform.grant_status,
        }
        for name in dict.fromkeys((*function.may, *(("secret",) if keeps else ()))):
            grants[name](self)


def asked_for(node: Node, option: str) -> bool:
    """Whether the context says `-c <option>=true`."""
    return str(node.try_get_context(option)).lower() == "true"


def _reserved(node: Node, function: Function) -> int | None:
    """Lambda keeps 100 instances unreserved, and refuses more than the account has beyond that."""
    return function.reserved or None if asked_for(node, RESERVATION) else None


def _code(contexts: Sequence[str]) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(ROOT),
        ignore_mode=IgnoreMode.GIT,
        exclude=[
            "/*",
            "!/functions",
            "/functions/*",
            "!/functions/__init__.py",
            *(f"!/functions/{context}" for context in contexts),
            "__pycache__",
        ],
    )
