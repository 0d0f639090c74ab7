"""What stands before every context: the API, its authorizer, mail, and the topic of the alarms."""

from pathlib import Path
from typing import get_args

from aws_cdk import CfnOutput, CfnParameter, Duration, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct
from optiq.kernel.manifest import contexts
from optiq.ports.mail import MailStream

from infra.aws.alarms import DAMAGED, FIVE_MINUTES, NAMESPACE, Alarms
from infra.aws.functions import OptiqFunction
from infra.aws.neighbours import share
from infra.aws.options import options_of
from infra.aws.platform import MAIL_SETS, Platform
from infra.aws.tenant_access import TenantAccess

# The API answers preflights itself, and puts these headers in place of a function's own (API Gateway's guide,
# "Configure CORS for HTTP APIs"). No cookie is let through, so a page can do only what its own key can. `*` is
# for headers that clients add of their own; by the Fetch standard, `authorization` is not among them.
_FROM_ANY_PAGE = gateway.CorsPreflightOptions(
    allow_origins=["*"],
    allow_methods=[gateway.CorsHttpMethod.GET, gateway.CorsHttpMethod.POST],
    allow_headers=["authorization", "*"],
    expose_headers=["retry-after", "ratelimit", "ratelimit-policy"],
    max_age=Duration.days(1),
)


class EdgeStack(Stack):
    """Mails come from the parameter `MailSender`, whose address or domain the operator verifies in SES."""

    def __init__(self, scope: Construct, construct_id: str, packages: Path) -> None:
        super().__init__(scope, construct_id, description="Optiq: the API, its authorizer, mail and alarms")
        self._options = options_of(self.node)
        within = Construct(self, "Edge")
        platform = Platform(within, "Platform", packages)
        (functions,) = (
            {function: OptiqFunction(within, platform, context, function)}
            for context in contexts()
            for function in context.functions
            if function.at_edge
        )
        (authorizer,) = functions.values()
        self._add_api(within, authorizer)
        self._add_mail(within)
        TenantAccess(within, "TenantAccess")
        topic = _topic(within, self._options.alarm_mail)
        alarms = Alarms(within, "Alarms", topic)
        alarms.watch(functions)
        waiting = platform.failures.metric_approximate_number_of_messages_visible(
            period=FIVE_MINUTES, statistic="Maximum"
        )
        alarms.add("FailuresWaiting", waiting, "was given up on and waits for somebody")
        damaged = cloudwatch.Metric(namespace=NAMESPACE, metric_name=DAMAGED, statistic="Sum", period=FIVE_MINUTES)
        alarms.add("LakeFileDamaged", damaged, "is a file of the lake that cannot be read")
        # AWS reviews an account near 5 % and 0.1 %.
        for name, rate, threshold in (("MailBounces", "BounceRate", 0.02), ("MailComplaints", "ComplaintRate", 0.0005)):
            reputation = cloudwatch.Metric(
                namespace="AWS/SES", metric_name=f"Reputation.{rate}", statistic="Maximum", period=Duration.hours(1)
            )
            alarms.add(
                name, reputation, f"is a reputation of mail that suffers: {rate} above {threshold:.2%}", threshold
            )
        share(within, alarms=topic.topic_arn)
        CfnOutput(self, "AlarmTopic", value=topic.topic_arn)

    def _add_api(self, scope: Construct, authorizer: OptiqFunction) -> None:
        """It is asked for each request: a credential may come in one of two headers, which the gateway's cache cannot
        tell apart, and whether a cookie is good depends on the request's origin. It remembers the table's answers.
        """
        api = gateway.HttpApi(
            scope,
            "Api",
            api_name="optiq",
            create_default_stage=False,
            cors_preflight=_FROM_ANY_PAGE,
            # With a domain of its own the API has one address: that of its firewall, where there is one.
            disable_execute_api_endpoint=bool(self._options.domain) or None,
        )
        guard = gateway.HttpAuthorizer(
            scope,
            "Guard",
            http_api=api,
            type=gateway.HttpAuthorizerType.LAMBDA,
            authorizer_name="optiq",
            authorizer_uri=self.format_arn(
                service="apigateway",
                account="lambda",
                resource="path",
                resource_name=f"2015-03-31/functions/{authorizer.function_arn}/invocations",
            ),
            payload_format_version=gateway.AuthorizerPayloadVersion.VERSION_2_0,
            enable_simple_responses=True,
            identity_source=[],
            results_cache_ttl=Duration.seconds(0),
        )
        authorizer.add_permission(
            "Api",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=self.format_arn(service="execute-api", resource=api.api_id, resource_name="authorizers/*"),
        )
        address = f"https://{self._options.domain}" if self._options.domain else api.api_endpoint
        share(scope, api=api.api_id, authorizer=guard.authorizer_id, address=address)

    def _add_mail(self, scope: Construct) -> None:
        sender = CfnParameter(
            self,
            "MailSender",
            default=self._options.mail_sender or "optiq@example.com",
            description="The address mails come from; it or its domain must be a verified identity of SES.",
        )
        bus = events.EventBus.from_event_bus_name(scope, "DefaultBus", "default")
        for stream in get_args(MailStream):
            # The links of an account's mails sign people in: nobody but their reader may follow them.
            read = [] if stream == "ACCOUNT" else [ses.EmailSendingEvent.OPEN, ses.EmailSendingEvent.CLICK]
            reporting = ses.ConfigurationSet(
                scope,
                f"{stream.title()}Mail",
                configuration_set_name=f"{MAIL_SETS}-{stream.lower()}",
                tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
                reputation_metrics=True,
            )
            reporting.add_event_destination(
                "Outcomes",
                destination=ses.EventDestination.event_bus(bus),
                events=[
                    ses.EmailSendingEvent.DELIVERY,
                    ses.EmailSendingEvent.BOUNCE,
                    ses.EmailSendingEvent.COMPLAINT,
                    ses.EmailSendingEvent.REJECT,
                    *read,
                ],
            )
        share(scope, mail_sender=sender.value_as_string)


def _topic(scope: Construct, mail: str) -> sns.Topic:
    topic = sns.Topic(scope, "Alarmed", display_name="Optiq alarms", enforce_ssl=True)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            resources=[topic.topic_arn],
        )
    )
    if mail:
        topic.add_subscription(subscriptions.EmailSubscription(mail))
    return topic
