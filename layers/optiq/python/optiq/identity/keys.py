"""The keys of what identity keeps in the table; context.py explains them."""

from optiq.kernel.keys import Key, site_partition

SESSION = "SESSION#"
PERSONAL_KEY = "KEY#"
MEMBERSHIP = "MEMBER#"
EXPECTED = "INVITED#"


def credential(digest: str) -> Key:
    return Key(f"KEY#{digest}", "KEY")


def tokens_of_site(organization_id: str, site_id: str) -> str:
    """Index partition of a site's ingestion tokens, sorted by their ids, which sort by time."""
    return f"{site_partition(organization_id, site_id)}#TOKENS"


def token_name(organization_id: str, site_id: str, name: str) -> Key:
    return Key(site_partition(organization_id, site_id), f"TOKEN_NAME#{name}")


def user(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "PROFILE")


def session(user_id: str, digest: str) -> Key:
    return Key(f"USER#{user_id}", f"{SESSION}{digest}")


def personal_key(user_id: str, digest: str) -> Key:
    return Key(f"USER#{user_id}", f"{PERSONAL_KEY}{digest}")


def membership(user_id: str, organization_id: str) -> Key:
    return Key(f"USER#{user_id}", f"{MEMBERSHIP}{organization_id}")


def authenticator(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "TOTP")


def recovery_codes(user_id: str) -> Key:
    return Key(f"USER#{user_id}", "RECOVERY")


def address(address_hash: str) -> Key:
    return Key(f"EMAIL#{address_hash}", "EMAIL")


def expected(address_hash: str, invitation_id: str) -> Key:
    return Key(address(address_hash).pk, f"{EXPECTED}{invitation_id}")


def provider_account(provider: str, subject_hash: str) -> Key:
    return Key(f"OAUTH#{provider}#{subject_hash}", "OAUTH")


def provider_accounts_of(user_id: str) -> str:
    """Index partition of a person's accounts at providers, sorted by provider."""
    return f"USER#{user_id}#OAUTH"


def proof(digest: str) -> Key:
    return Key(f"PROOF#{digest}", "PROOF")


def attempts(limit: str, whom: str, window: int) -> Key:
    return Key(f"ATTEMPTS#{limit}#{whom}", f"WINDOW#{window}")
