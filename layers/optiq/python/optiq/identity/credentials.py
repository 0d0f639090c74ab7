"""Credentials in the store: found by the hash of their secret; tokens also by their site, with a name of their own."""

from optiq.identity import keys
from optiq.identity.contracts import Credential
from optiq.store.api import Claim, Store


def _listed(credential: Credential) -> tuple[str, str] | None:
    if not credential.site_id:
        return None
    return keys.tokens_of_site(credential.organization_id, credential.site_id), credential.credential_id


def _claims(credential: Credential) -> tuple[Claim, ...]:
    """The name of a token, until it is revoked."""
    if not credential.site_id or credential.revoked_ms is not None:
        return ()
    key = keys.token_name(credential.organization_id, credential.site_id, credential.name)
    return (Claim(key, f"the site has a token named '{credential.name}' already"),)


CREDENTIALS = Store(Credential, "token", keys.credential, _listed, _claims)
