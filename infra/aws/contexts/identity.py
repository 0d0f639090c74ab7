"""Who may call: the authorizer before every management route, and people's accounts."""

from constructs import Construct

from infra.aws.contexts.notifications import Notifications
from infra.aws.functions import OptiqFunction, Platform


class Identity(Construct):
    def __init__(self, scope: Construct, construct_id: str, platform: Platform, notifications: Notifications) -> None:
        super().__init__(scope, construct_id)
        self.authorizer = OptiqFunction(
            self, "Authorizer", platform, handler="functions.identity.authorizer.handler", timeout_seconds=5
        )
        # argon2 is work: with this memory comes most of a core.
        self.entrance, self.account = (
            OptiqFunction(
                self,
                construct_id,
                platform,
                handler=f"functions.identity.{module}.handler",
                memory_mb=1024,
                timeout_seconds=29,
            )
            for construct_id, module in (("Entrance", "entrance"), ("Account", "account"))
        )
        data = platform.data
        # The use of a session or key is noted once an hour.
        data.grant_table(self.authorizer, "GetItem", "BatchGetItem", "UpdateItem")
        # Who signs in enters their organization: the only one, or the one of the session used last.
        data.grant_table(self.entrance, "GetItem", "PutItem", "UpdateItem", "Query")
        data.grant_table(self.account, "GetItem", "PutItem", "UpdateItem", "Query")
        data.grant_index(self.account)
        for function in (self.entrance, self.account):
            data.secret.grant_read(function)
            data.oauth.grant_read(function)
            function.add_environment("OPTIQ_OAUTH", data.oauth.secret_arn)
            notifications.allow_mail(function)

    def say_where_it_is(self, public_url: str) -> None:
        """Where the links in mails lead."""
        for function in (self.entrance, self.account):
            function.add_environment("OPTIQ_PUBLIC_URL", public_url)
