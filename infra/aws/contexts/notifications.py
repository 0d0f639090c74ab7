"""Notifications: mail through SES, and what SES reports of it."""

from aws_cdk import CfnParameter, Duration, Fn, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.aws.functions import OptiqFunction, Platform
from infra.aws.schedules import Schedules


class Notifications(Construct):
    """Mails come from the parameter `MailSender`, whose address or domain the operator verifies in SES."""

    def __init__(self, scope: Construct, construct_id: str, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        self._sender = CfnParameter(
            Stack.of(self),
            "MailSender",
            default="optiq@example.com",
            description="The address mails come from; it or its domain must be a verified identity of SES.",
        )
        self._reporting = ses.ConfigurationSet(
            self, "Reporting", tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE, reputation_metrics=True
        )
        self._reporting.add_event_destination(
            "Outcomes",
            destination=ses.EventDestination.event_bus(
                events.EventBus.from_event_bus_name(self, "DefaultBus", "default")
            ),
            events=[ses.EmailSendingEvent.DELIVERY, ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
        )
        self.on_mail_events = OptiqFunction(
            self, "OnMailEvents", platform, handler="functions.notifications.on_mail_events.handler"
        )
        platform.data.grant_table(self.on_mail_events, "UpdateItem")
        events.Rule(
            self,
            "MailEvents",
            event_pattern=events.EventPattern(
                source=["aws.ses"], detail_type=["Email Delivered", "Email Bounced", "Email Complaint Received"]
            ),
            targets=[targets.LambdaFunction(self.on_mail_events, retry_attempts=3)],
        )

        self.routes = OptiqFunction(self, "Routes", platform, handler="functions.notifications.routes.handler")
        platform.data.grant_table(self.routes, "Query")

        self.send_owed = self._send_owed(platform)

    def _send_owed(self, platform: Platform) -> OptiqFunction:
        function = OptiqFunction(self, "SendOwed", platform, handler="functions.notifications.send_owed.handler")
        platform.data.grant_table(function, "GetItem", "UpdateItem")
        platform.data.grant_index(function)
        self.allow_mail(function)
        schedules = Schedules(self, platform)
        self.schedule_role = schedules.role
        every_minute = scheduler.ScheduleExpression.rate(Duration.minutes(1))
        # The next minute's run does the same, so nothing is tried again.
        schedules.add("EveryMinute", "Send the mails that nobody sent", every_minute, function, retry_attempts=0)
        return function

    def allow_mail(self, function: OptiqFunction) -> None:
        """Lets a function send mail as the sender, and nobody else."""
        sender = self._sender.value_as_string
        stack = Stack.of(self)
        names = (sender, Fn.select(1, Fn.split("@", sender)))
        identities = [stack.format_arn(service="ses", resource="identity", resource_name=name) for name in names]
        set_name = self._reporting.configuration_set_name
        reporting = stack.format_arn(service="ses", resource="configuration-set", resource_name=set_name)
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=[*identities, reporting],
                conditions={"StringEquals": {"ses:FromAddress": sender}},
            )
        )
        function.add_environment("OPTIQ_MAIL_SENDER", sender)
        function.add_environment("OPTIQ_MAIL_CARRIER", set_name)
