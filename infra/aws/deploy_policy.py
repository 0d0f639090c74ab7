"""The least that CloudFormation must be allowed to create, change and delete Optiq's stacks.

    .venv/bin/python -m infra.aws.deploy_policy > optiq-deploy.json

Names that CloudFormation makes begin with the stack's. A test compares the services here with the resources of every
template (tests/infra/test_deploy_policy.py); no account has tried the policy.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple


class _Allowed(NamedTuple):
    """What CloudFormation does with resources of a service: the actions' prefix, the resources, and the actions."""

    prefix: str
    resources: str
    actions: str


_ALLOWED: Mapping[str, _Allowed] = {
    # By the service as CloudFormation names it.
    "ApiGatewayV2": _Allowed(
        "apigateway",
        "apigateway:*::/*",
        "GET POST PUT PATCH DELETE TagResource",
    ),
    "Athena": _Allowed(
        "athena",
        "athena:*:*:workgroup/optiq",
        "CreateWorkGroup UpdateWorkGroup GetWorkGroup DeleteWorkGroup TagResource ListTagsForResource",
    ),
    "CloudWatch": _Allowed(
        "cloudwatch",
        "cloudwatch:*:*:*",
        "PutMetricAlarm DeleteAlarms DescribeAlarms PutDashboard GetDashboard DeleteDashboards "
        "TagResource ListTagsForResource",
    ),
    "DynamoDB": _Allowed(
        "dynamodb",
        "dynamodb:*:*:table/OptiqData-*",
        "CreateTable UpdateTable DescribeTable UpdateTimeToLive DescribeTimeToLive "
        "UpdateContinuousBackups DescribeContinuousBackups TagResource ListTagsOfResource",
    ),
    "Events": _Allowed(
        "events",
        "events:*:*:*",
        "PutRule DescribeRule DeleteRule PutTargets RemoveTargets ListTargetsByRule CreateEventBus "
        "DescribeEventBus DeleteEventBus TagResource ListTagsForResource",
    ),
    "Glue": _Allowed(
        "glue",
        "glue:*:*:*",
        "CreateDatabase UpdateDatabase GetDatabase DeleteDatabase CreateTable UpdateTable GetTable DeleteTable",
    ),
    "IAM": _Allowed(
        "iam",
        "iam::*:role/Optiq*",
        "CreateRole GetRole UpdateRole DeleteRole PassRole UpdateAssumeRolePolicy PutRolePolicy "
        "GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole",
    ),
    "Kinesis": _Allowed(
        "kinesis",
        "kinesis:*:*:stream/OptiqData-*",
        "CreateStream UpdateStreamMode DescribeStreamSummary DescribeStream StartStreamEncryption "
        "StopStreamEncryption IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod AddTagsToStream "
        "ListTagsForStream",
    ),
    "Lambda": _Allowed(
        "lambda",
        "lambda:*:*:*",
        "CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionCode "
        "UpdateFunctionConfiguration DeleteFunction PutFunctionConcurrency DeleteFunctionConcurrency "
        "PublishLayerVersion GetLayerVersion DeleteLayerVersion AddPermission RemovePermission GetPolicy "
        "CreateEventSourceMapping UpdateEventSourceMapping GetEventSourceMapping DeleteEventSourceMapping "
        "TagResource UntagResource ListTags",
    ),
    "Logs": _Allowed(
        "logs",
        "logs:*:*:*",
        "CreateLogGroup DescribeLogGroups DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy "
        "PutMetricFilter DescribeMetricFilters DeleteMetricFilter CreateLogDelivery GetLogDelivery "
        "UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy DescribeResourcePolicies "
        "TagResource ListTagsForResource",
    ),
    "S3": _Allowed(
        "s3",
        "s3:::optiqdata-*",
        "CreateBucket DeleteBucketPolicy GetBucketPolicy PutBucketPolicy PutBucketNotification "
        "GetBucketNotification PutBucketPublicAccessBlock GetBucketPublicAccessBlock "
        "PutEncryptionConfiguration GetEncryptionConfiguration PutLifecycleConfiguration "
        "GetLifecycleConfiguration PutBucketTagging PutBucketVersioning",
    ),
    "SES": _Allowed(
        "ses",
        "ses:*:*:configuration-set/optiq-*",
        "CreateConfigurationSet GetConfigurationSet DeleteConfigurationSet "
        "PutConfigurationSetDeliveryOptions PutConfigurationSetReputationOptions "
        "CreateConfigurationSetEventDestination GetConfigurationSetEventDestinations "
        "UpdateConfigurationSetEventDestination DeleteConfigurationSetEventDestination",
    ),
    "SNS": _Allowed(
        "sns",
        "sns:*:*:OptiqEdge-*",
        "CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic Subscribe Unsubscribe "
        "ListSubscriptionsByTopic TagResource ListTagsForResource",
    ),
    "SQS": _Allowed(
        "sqs",
        "sqs:*:*:OptiqData-*",
        "CreateQueue GetQueueAttributes SetQueueAttributes DeleteQueue TagQueue ListQueueTags",
    ),
    "SSM": _Allowed(
        "ssm",
        "ssm:*:*:parameter/optiq/*",
        "PutParameter GetParameters DeleteParameter AddTagsToResource ListTagsForResource",
    ),
    "Scheduler": _Allowed(
        "scheduler",
        "scheduler:*:*:schedule/*/Optiq*",
        "CreateSchedule GetSchedule UpdateSchedule DeleteSchedule",
    ),
    "SecretsManager": _Allowed(
        "secretsmanager",
        "secretsmanager:*:*:secret:*",
        "CreateSecret DescribeSecret UpdateSecret PutSecretValue TagResource",
    ),
    "StepFunctions": _Allowed(
        "states",
        "states:*:*:stateMachine:*",
        "CreateStateMachine UpdateStateMachine DescribeStateMachine DeleteStateMachine TagResource ListTagsForResource",
    ),
    "WAFv2": _Allowed(
        "wafv2",
        "wafv2:us-east-1:*:global/webacl/*",
        "CreateWebACL GetWebACL UpdateWebACL DeleteWebACL ListTagsForResource",
    ),
}
# What names no resource of its own.
_ANYWHERE = (
    "iam:CreateServiceLinkedRole",
    "lambda:ListEventSourceMappings",
    "logs:DescribeLogGroups",
    "secretsmanager:GetRandomPassword",
)
SERVICES = frozenset(_ALLOWED)


def policy() -> dict[str, Any]:
    """An IAM policy for CloudFormation's execution role. It reads CDK's assets and its version, too."""
    statements = [
        {
            "Sid": service,
            "Effect": "Allow",
            "Action": sorted(f"{allowed.prefix}:{action}" for action in allowed.actions.split()),
            "Resource": f"arn:aws:{allowed.resources}",
        }
        for service, allowed in _ALLOWED.items()
    ]
    assets = {"Sid": "Assets", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::cdk-*-assets-*/*"}
    anywhere = {"Sid": "Anywhere", "Effect": "Allow", "Action": list(_ANYWHERE), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [*statements, assets, anywhere]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(policy(), indent=1) + "\n")
