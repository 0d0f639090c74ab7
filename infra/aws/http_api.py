"""The public API: the routes of `infra/routes.py`, by name, and no other way in."""

import json
from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct
from optiq.kernel.routes import Route

from infra.aws.functions import OptiqFunction
from infra.routes import routes, sign_in_paths

_COLLECTION, _SIGN_IN, _OTHER = 2_000, 20, 200
"""Requests a second on one route, of all callers together. At once it may be twice as many."""
# Neither address nor query string: the one is personal, the other carries what a visitor did.
_LOGGED = ("requestId", "requestTime", "httpMethod", "routeKey", "status", "responseLatency", "integrationErrorMessage")

# The API answers preflights itself, and puts these headers in place of a function's own (API Gateway's guide,
# "Configure CORS for HTTP APIs"). No cookie is let through, so a page can do only what its own key can. `*` is
# for headers that clients add of their own; by the Fetch standard, `authorization` is not among them.
_FROM_ANY_PAGE = gateway.CorsPreflightOptions(
    allow_origins=["*"],
    allow_methods=[gateway.CorsHttpMethod.GET, gateway.CorsHttpMethod.POST],
    allow_headers=["authorization", "*"],
    expose_headers=["retry-after"],
    max_age=Duration.days(1),
)


class HttpApi(Construct):
    """An HTTP API whose guarded routes stand behind the authorizer.

    It is asked for each request: a credential may come in one of two headers, which the gateway's cache cannot tell
    apart, and whether a cookie is good depends on the request's origin. It remembers the table's answers itself.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, handlers: Mapping[str, OptiqFunction], authorizer: OptiqFunction
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = gateway.HttpApi(
            self, "Api", api_name="optiq", create_default_stage=False, cors_preflight=_FROM_ANY_PAGE
        )
        self.stage = gateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(rate_limit=_OTHER, burst_limit=2 * _OTHER),
        )
        self._log_access()
        self._guard = authorizers.HttpLambdaAuthorizer(
            "Authorizer",
            authorizer,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=[],
            results_cache_ttl=Duration.seconds(0),
        )
        # The API may call each function, by whatever route: a permission for each route would make a stack of more
        # resources than CloudFormation takes (500).
        self._integrations = {
            name: integrations.HttpLambdaIntegration(name.replace(".", "-"), function, scope_permission_to_route=False)
            for name, function in handlers.items()
        }
        self._routes = {route: self._add(route) for route in routes()}
        self._throttle()

    def route(self, route: Route) -> gateway.HttpRoute:
        return self._routes[route]

    def _throttle(self) -> None:
        """Gives what takes events in more than the rest, and what signs people in less."""
        settings: dict[str, dict[str, int]] = {}
        for route, added in self._routes.items():
            rate = _COLLECTION if route.collects else _SIGN_IN if route.path in sign_in_paths() else None
            if rate is not None:
                settings[route.key] = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": 2 * rate}
                # A stage refuses settings of routes that are not there yet.
                self.stage.node.add_dependency(added)
        self._resource.route_settings = settings

    def _log_access(self) -> None:
        log_group = logs.LogGroup(
            self, "AccessLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        self._resource.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn,
            format=json.dumps({name: f"$context.{name}" for name in _LOGGED}),
        )

    @property
    def _resource(self) -> gateway.CfnStage:
        stage = self.stage.node.default_child
        if not isinstance(stage, gateway.CfnStage):
            raise TypeError("the stage has no CloudFormation resource")
        return stage

    def _add(self, route: Route) -> gateway.HttpRoute:
        (added,) = self.api.add_routes(
            path=route.path,
            methods=[gateway.HttpMethod[route.method]],
            integration=self._integrations[route.handler],
            authorizer=self._guard if not route.is_open else gateway.HttpNoneAuthorizer(),
        )
        return added
