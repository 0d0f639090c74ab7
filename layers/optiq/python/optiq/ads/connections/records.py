"""Credentials and attempts to connect, in the table."""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from optiq.kernel.table import Record
from optiq.kernel.table_ending import Temporary


class CredentialRecord(Record):
    """The tokens of a connection, sealed (sealing.py).

    `renewal` is the refresh token, where the platform gives one. `lease_ms` is until when one process may renew alone.
    `refused` says that the platform accepts the tokens no more.
    Nothing of the table is deleted: what is disconnected has no tokens any more.
    """

    version = NumberAttribute()
    access = BinaryAttribute(legacy_encoding=False, null=True)
    renewal = BinaryAttribute(legacy_encoding=False, null=True)
    issued_ms = NumberAttribute()
    access_expires_ms = NumberAttribute(null=True)
    refresh_expires_ms = NumberAttribute(null=True)
    lease_ms = NumberAttribute(null=True)
    refused = BooleanAttribute(default=False)


class AttemptRecord(Temporary):
    """An attempt to connect: who began it, and where it may end. `connection_id` is "" for a new connection."""

    organization_id = UnicodeAttribute()
    actor = UnicodeAttribute()
    platform = UnicodeAttribute()
    connection_id = UnicodeAttribute()
    uploads = BooleanAttribute(default=False)
    used = BooleanAttribute(default=False)
