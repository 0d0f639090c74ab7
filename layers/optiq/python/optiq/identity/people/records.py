"""People in the table: of every secret only a hash is kept."""

import json
from collections.abc import Mapping
from typing import cast

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from optiq.identity import keys
from optiq.identity.people.contracts import User, UserStatus
from optiq.kernel.manifest import Role
from optiq.kernel.permissions import Membership
from optiq.kernel.table import BySecondKey, Record, whole_or_none
from optiq.kernel.table_ending import Temporary


class UserRecord(Record):
    """A person. `epoch` counts what ends all sessions and open links; `version` counts changes."""

    user_id = UnicodeAttribute()
    email = UnicodeAttribute()
    name = UnicodeAttribute()
    status = UnicodeAttribute()
    password = UnicodeAttribute(null=True)
    two_factor = BooleanAttribute(default=False)
    epoch = NumberAttribute(default=0)
    version = NumberAttribute(default=0)
    avatar_url = UnicodeAttribute(default="")
    locale = UnicodeAttribute(default="")
    timezone = UnicodeAttribute(default="")
    preferences = UnicodeAttribute(default="{}")
    created_ms = NumberAttribute()
    changed_ms = NumberAttribute()

    def contract(self) -> User:
        return User(
            user_id=self.user_id,
            email=self.email,
            name=self.name,
            status=cast(UserStatus, self.status),
            has_password=self.password is not None,
            two_factor=bool(self.two_factor),
            avatar_url=self.avatar_url,
            locale=self.locale,
            timezone=self.timezone,
            preferences=json.loads(self.preferences),
            created_ms=int(self.created_ms),
        )


class AddressRecord(Record):
    """Whose an address is, found by its keyed hash."""

    user_id = UnicodeAttribute()


class ExpectedRecord(Temporary):
    """That an address is invited, and may sign up until then whatever the rule."""

    until_ms = NumberAttribute()


class OAuthRecord(Record):
    """Whose an account at a provider is, found by the keyed hash of its subject; a person's also by the second key."""

    by_second_key = BySecondKey()

    user_id = UnicodeAttribute()
    linked_ms = NumberAttribute()
    removed_ms = NumberAttribute(null=True)


class SessionRecord(Record):
    """A session, found by its user and the hash of its secret. It lives while its epoch is its user's."""

    session_id = UnicodeAttribute()
    digest = UnicodeAttribute()
    organization_id = UnicodeAttribute(default="")
    session_epoch = NumberAttribute()
    method = UnicodeAttribute()
    device = UnicodeAttribute()
    place = UnicodeAttribute(default="")
    signed_in_ms = NumberAttribute()
    seen_ms = NumberAttribute()
    expires_ms = NumberAttribute()
    revoked_ms = NumberAttribute(null=True)
    forget_at = NumberAttribute()


class MembershipRecord(Record):
    """As what a person is in an organization, found by both. `extras` is a JSON object of permissions and ends."""

    organization_id = UnicodeAttribute()
    role = UnicodeAttribute()
    extras = UnicodeAttribute()
    expires_ms = NumberAttribute(null=True)
    left_ms = NumberAttribute(null=True)
    revision = NumberAttribute()

    @classmethod
    def of(cls, user_id: str, membership: Membership, revision: int, left_ms: int | None) -> "MembershipRecord":
        return cls(
            *keys.membership(user_id, membership.organization_id),
            organization_id=membership.organization_id,
            role=membership.role,
            extras=json.dumps(dict(membership.extras), sort_keys=True),
            expires_ms=membership.expires_ms,
            left_ms=left_ms,
            revision=revision,
        )

    def contract(self) -> Membership:
        return membership_of(self.organization_id, self.role, self.extras, self.expires_ms)


def membership_of(organization_id: str, role: str, extras: str, expires_ms: float | None) -> Membership:
    values: Mapping[str, int | None] = json.loads(extras)
    return Membership(organization_id, cast(Role, role), whole_or_none(expires_ms), values)


class AdmissionRecord(Record):
    """What a presented secret is judged by, in one read: the items of a session or key, its user and membership."""

    session_id = UnicodeAttribute(null=True)
    key_id = UnicodeAttribute(null=True)
    organization_id = UnicodeAttribute(null=True)
    session_epoch = NumberAttribute(null=True)
    scopes = JSONAttribute(null=True)
    signed_in_ms = NumberAttribute(null=True)
    seen_ms = NumberAttribute(null=True)
    expires_ms = NumberAttribute(null=True)
    revoked_ms = NumberAttribute(null=True)
    status = UnicodeAttribute(null=True)
    epoch = NumberAttribute(null=True)
    role = UnicodeAttribute(null=True)
    extras = UnicodeAttribute(null=True)
    left_ms = NumberAttribute(null=True)

    def membership(self) -> Membership | None:
        if self.role is None or self.left_ms is not None:
            return None
        return membership_of(self.organization_id or "", self.role, self.extras or "{}", self.expires_ms)


class TotpRecord(Record):
    """A person's authenticator. The secret is derived from `salt` and the platform secret, so it stands nowhere."""

    salt = UnicodeAttribute()
    confirmed_ms = NumberAttribute(null=True)
    last_step = NumberAttribute(default=0)


class RecoveryRecord(Record):
    """The keyed hashes of a person's recovery codes that are not used up."""

    digests = UnicodeSetAttribute(null=True)


class ProofRecord(Record):
    """A secret that is good once and for a while, found by its hash: what a link in a mail carries."""

    purpose = UnicodeAttribute()
    user_id = UnicodeAttribute(default="")
    epoch = NumberAttribute(default=0)
    data = UnicodeAttribute(default="{}")
    expires_ms = NumberAttribute()
    used_ms = NumberAttribute(null=True)
    forget_at = NumberAttribute()


class AttemptsRecord(Record):
    """How often something was tried within one window of time."""

    tries = NumberAttribute(default=0)
    forget_at = NumberAttribute(null=True)
