"""Credentials in the table: only a secret's SHA-256 and its first characters are kept."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record


class CredentialRecord(Record):
    """An API key or an ingestion token, found by the hash of its secret."""

    credential_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    site_id = UnicodeAttribute(default="")
    scope = UnicodeAttribute()
    prefix = UnicodeAttribute()
    name = UnicodeAttribute()
    created_ms = NumberAttribute()
