"""Identity: who calls: people, sessions, keys and tokens."""

from optiq.kernel.manifest import Context, Function, Item, Permission
from optiq.mail.contracts import MailRequested

CONTEXT = Context(
    name="identity",
    what="who calls: people, sessions, keys and tokens",
    data="ACCOUNTS",
    permissions=(
        Permission("tokens:read", "MEMBER", "see ingestion tokens, never their secrets"),
        Permission("tokens:write", "ADMIN", "create and revoke ingestion tokens"),
    ),
    audits=(
        "api_key",
        "token",
        "user",
        "password",
        "profile",
        "provider",
        "recovery_codes",
        "session",
        "sessions",
        "two_factor",
    ),
    publishes=(MailRequested,),
    items=(
        Item(
            "credential",
            "KEY#<sha-256>",
            "KEY",
            "the credential behind a presented secret; a site's ingestion tokens by time",
            gsi1pk="ORG#<org>#SITE#<site>#TOKENS",
            gsi1sk="<token>",
            tenantless=True,
            owned_by=("organization_id", "site_id"),
        ),
        Item("token name", "ORG#<org>#SITE#<site>", "TOKEN_NAME#<name>", "who holds a name among them"),
        Item(
            "membership",
            "USER#<user>",
            "MEMBER#<org>",
            "as what a person is in an organization, and all they may do there; a person's organizations",
            tenantless=True,
        ),
        Item("user", "USER#<user>", "PROFILE", "one person", tenantless=True),
        Item("address", "EMAIL#<address hash>", "EMAIL", "whose an address is", tenantless=True, owned_by=("user_id",)),
        Item(
            "provider account",
            "OAUTH#<provider>#<subject hash>",
            "OAUTH",
            "whose an account at a provider is; a person's such accounts",
            gsi1pk="USER#<user>#OAUTH",
            gsi1sk="<provider>",
            tenantless=True,
        ),
        Item(
            "session",
            "USER#<user>",
            "SESSION#<sha-256>",
            "the session behind a secret; a person's sessions",
            tenantless=True,
            owned_by=("organization_id",),
        ),
        Item(
            "personal key",
            "USER#<user>",
            "KEY#<sha-256>",
            "the API key behind a secret; a person's keys",
            tenantless=True,
            owned_by=("organization_id",),
        ),
        Item("authenticator", "USER#<user>", "TOTP", "a person's authenticator app", tenantless=True),
        Item("recovery codes", "USER#<user>", "RECOVERY", "a person's recovery codes left", tenantless=True),
        Item(
            "proof",
            "PROOF#<sha-256>",
            "PROOF",
            "what a link in a mail is good for",
            tenantless=True,
            owned_by=("user_id",),
        ),
        Item(
            "attempts",
            "ATTEMPTS#<limit>#<whom>",
            "WINDOW#<number>",
            "how often something was tried",
            tenantless=True,
            nobodys="it counts for a keyed hash, and ends by itself",
        ),
    ),
    functions=(
        # It notes the use of a session or key once an hour.
        Function(
            "authorizer",
            at_edge=True,
            timeout_seconds=5,
            table=("GetItem", "BatchGetItem", "UpdateItem"),
            may=("secret",),
        ),
        # argon2 is work: with this memory comes most of a core.
        Function(
            "sign_in",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("secret", "oauth", "address"),
        ),
        Function(
            "routes",
            memory_mb=1024,
            timeout_seconds=29,
            table=("GetItem", "PutItem", "UpdateItem", "Query"),
            may=("index", "secret", "oauth", "address"),
        ),
    ),
)
