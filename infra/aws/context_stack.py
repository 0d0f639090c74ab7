"""One context on AWS, made from its manifest and the routes that its functions declare. It is deployed by itself."""

from collections.abc import Iterable
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct
from optiq.kernel.manifest import Context, subscribed

from infra.aws.alarms import Alarms
from infra.aws.consumers import consume
from infra.aws.findings import accept
from infra.aws.functions import OptiqFunction
from infra.aws.neighbours import shared
from infra.aws.platform import Platform
from infra.aws.schedules import add_schedules
from infra.aws.subscriptions import relay, subscribe
from infra.aws.workflow import WorkflowMachine
from infra.routes import DeployedRoute, deployed_routes


class ContextStack(Stack):
    def __init__(self, scope: Construct, context: Context, packages: Path) -> None:
        title = context.name.title()
        super().__init__(scope, f"Optiq{title}", description=f"Optiq {context.name}: {context.what}")
        self.node.add_metadata("context", context.name)
        # Within a construct of its own, so that the names of its resources are the context's in every template.
        within = Construct(self, title)
        platform = Platform(within, "Platform", packages)
        self.functions = {
            function: OptiqFunction(within, platform, context, function)
            for function in context.functions
            if not function.at_edge
        }
        by_handler = {function.handler: function for function in self.functions.values()}
        _add_routes(within, by_handler)
        for function, made in self.functions.items():
            if function.consumes:
                consume(made, platform, function.consumes)
            if function.new_items:
                relay(made, platform, function.new_items)
            if kinds := subscribed(function):
                subscribe(within, made, platform, kinds)
            if function.hears:
                _hear(within, made, *function.hears)
        add_schedules(within, platform, self.functions)
        for workflow in context.workflows:
            machine = WorkflowMachine(within, context, workflow, by_handler)
            for function, made in self.functions.items():
                if function.starts == workflow.name:
                    machine.let_start(made)
        if self.functions:
            Alarms(within, "Alarms", platform.alarms).watch(self.functions)


def _add_routes(scope: Construct, functions: dict[str, OptiqFunction]) -> None:
    mine = [route for route in deployed_routes() if route.handler in functions]
    if not mine:
        return
    api = gateway.HttpApi.from_http_api_attributes(scope, "Api", http_api_id=shared(scope, "api"))
    nobody, guard = gateway.HttpNoneAuthorizer(), _guard(scope, mine)
    # The API may call each function, by whatever route: a permission for each route would make many resources.
    backends = {
        handler: integrations.HttpLambdaIntegration(
            handler.replace(".", "-"), functions[handler], scope_permission_to_route=False
        )
        for handler in dict.fromkeys(route.handler for route in mine)
    }
    for route in mine:
        added = gateway.HttpRoute(
            scope,
            route.key.replace("/", "-"),
            http_api=api,
            route_key=gateway.HttpRouteKey.with_(route.path, gateway.HttpMethod[route.method]),
            integration=backends[route.handler],
            authorizer=nobody if route.open_because else guard,
        )
        if route.open_because:
            accept(added, "APIG4", f"It is open because of this: {route.open_because}.")


def _guard(scope: Construct, mine: Iterable[DeployedRoute]) -> gateway.IHttpRouteAuthorizer | None:
    """The authorizer, for a context that has routes behind it."""
    if all(route.open_because for route in mine):
        return None
    return gateway.HttpAuthorizer.from_http_authorizer_attributes(
        scope, "Authorizer", authorizer_id=shared(scope, "authorizer"), authorizer_type="CUSTOM"
    )


def _hear(scope: Construct, function: OptiqFunction, source: str, detail_types: tuple[str, ...]) -> None:
    events.Rule(
        scope,
        f"{function.node.id}Events",
        event_pattern=events.EventPattern(source=[source], detail_type=list(detail_types)),
        targets=[targets.LambdaFunction(function, retry_attempts=3)],
    )
