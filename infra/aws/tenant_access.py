"""A role that reaches one organization's data: for people who must look at a tenant's items by hand."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct
from optiq.kernel.table import INDEX

from infra.aws.neighbours import shared

TAG = "organization_id"
_READING = ("GetItem", "BatchGetItem", "Query", "ConditionCheckItem")
_WRITING = ("PutItem", "UpdateItem")


class TenantAccess(Construct):
    """Assumed with the session tag `organization_id`, it may touch the items whose keys begin with it, and no others.

    Every key of tenant data begins with its organization (optiq/kernel/keys.py), so DynamoDB itself holds the line
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html). It may not scan, for
    a scan names no key.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        names_organization = {"StringLike": {f"aws:RequestTag/{TAG}": "org_*"}}
        self.role = iam.Role(
            self,
            "Role",
            description="One organization's items, the one in the session tag organization_id",
            assumed_by=iam.AccountRootPrincipal().with_conditions(names_organization).with_session_tags(),
            max_session_duration=Duration.hours(1),
        )
        organization_id = f"${{aws:PrincipalTag/{TAG}}}"
        table = Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=shared(self, "table"))
        self.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=[f"dynamodb:{action}" for action in (*_READING, *_WRITING)],
                resources=[table, f"{table}/index/{INDEX}"],
                conditions={
                    "ForAllValues:StringLike": {
                        "dynamodb:LeadingKeys": [f"ORG#{organization_id}", f"ORG#{organization_id}#*"]
                    },
                    # "For all values" also holds of a request that names no key.
                    "Null": {"dynamodb:LeadingKeys": "false"},
                },
            )
        )
        CfnOutput(self, "RoleArn", value=self.role.role_arn)
