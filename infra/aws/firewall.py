"""AWS WAF rules for a CloudFront distribution before the API: an option, `-c firewall=true`.

WAF takes no HTTP API; for CloudFront its rules live in us-east-1
(https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html).
"""

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.routes import sign_in_paths

CONTEXT = "firewall"
_REQUESTS = 20_000
_SIGN_INS = 100
"""Of one address in five minutes. An office of many people shares one."""


class FirewallStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope, construct_id, description="Optiq: rules of a firewall", env=Environment(region="us-east-1")
        )
        rules = [
            _rule("Reputation", 0, _reputation(), managed=True),
            _rule("Requests", 1, _rate(_REQUESTS)),
            _rule("SignIns", 2, _rate(_SIGN_INS, _is_any_of(sign_in_paths()))),
        ]
        acl = waf.CfnWebACL(
            self,
            "Rules",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow=waf.CfnWebACL.AllowActionProperty()),
            visibility_config=_seen_as("Optiq"),
            rules=rules,
        )
        CfnOutput(self, "WebAclArn", value=acl.attr_arn)


def _rule(
    name: str, priority: int, statement: waf.CfnWebACL.StatementProperty, *, managed: bool = False
) -> waf.CfnWebACL.RuleProperty:
    block = waf.CfnWebACL.RuleActionProperty(block=waf.CfnWebACL.BlockActionProperty())
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        statement=statement,
        visibility_config=_seen_as(name),
        # A managed group's rules say themselves what they do.
        action=None if managed else block,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}) if managed else None,
    )


def _reputation() -> waf.CfnWebACL.StatementProperty:
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name="AWSManagedRulesAmazonIpReputationList"
    )
    return waf.CfnWebACL.StatementProperty(managed_rule_group_statement=group)


def _rate(limit: int, within: waf.CfnWebACL.StatementProperty | None = None) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
            aggregate_key_type="IP", limit=limit, scope_down_statement=within
        )
    )


def _is_any_of(paths: tuple[str, ...]) -> waf.CfnWebACL.StatementProperty:
    pattern = "^(" + "|".join(paths) + ")$"
    return waf.CfnWebACL.StatementProperty(
        regex_match_statement=waf.CfnWebACL.RegexMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            regex_string=pattern,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _seen_as(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
