"""People: accounts, signing in, sessions, the second factor, keys of their own.

A room of its own within identity, so that what only checks servers' tokens does not load it.
"""

from optiq.identity.people.accounts import (
    create_person,
    request_password_reset,
    reset_password,
    sign_up,
    verify_email,
)
from optiq.identity.people.admission import admit, is_personal
from optiq.identity.people.callers import caller_of, operator_of
from optiq.identity.people.changing import prove
from optiq.identity.people.ending import revoke_all_sessions, revoke_session, sessions, sign_out
from optiq.identity.people.expected import expecting, sign_up_rule
from optiq.identity.people.federation import (
    finish_provider_sign_in,
    linked_providers,
    start_linking,
    start_provider_sign_in,
    unlink_provider,
)
from optiq.identity.people.gateways.providers import offered_providers
from optiq.identity.people.memberships import membership_put, memberships_of
from optiq.identity.people.origins import client_of, origin_of
from optiq.identity.people.personal_keys import create_key, list_keys, revoke_key
from optiq.identity.people.security import (
    change_password,
    confirm_two_factor,
    disable_two_factor,
    recovery_codes_left,
    renew_recovery_codes,
    start_two_factor,
)
from optiq.identity.people.sessions import require_session
from optiq.identity.people.signing_in import redeem_magic_link, request_magic_link, second_factor, sign_in
from optiq.identity.people.switching import switch_organization
from optiq.identity.people.throttle import (
    reserve_invitation,
    reserve_operator,
    reserve_organization,
    reserve_outsider,
)
from optiq.identity.people.users import change_profile, find_by_address, people_of, profile

__all__ = [
    "admit",
    "caller_of",
    "change_password",
    "change_profile",
    "client_of",
    "confirm_two_factor",
    "create_key",
    "create_person",
    "disable_two_factor",
    "expecting",
    "find_by_address",
    "finish_provider_sign_in",
    "is_personal",
    "linked_providers",
    "list_keys",
    "membership_put",
    "memberships_of",
    "offered_providers",
    "operator_of",
    "origin_of",
    "people_of",
    "profile",
    "prove",
    "recovery_codes_left",
    "redeem_magic_link",
    "renew_recovery_codes",
    "request_magic_link",
    "request_password_reset",
    "require_session",
    "reserve_invitation",
    "reserve_operator",
    "reserve_organization",
    "reserve_outsider",
    "reset_password",
    "revoke_all_sessions",
    "revoke_key",
    "revoke_session",
    "second_factor",
    "sessions",
    "sign_in",
    "sign_out",
    "sign_up",
    "sign_up_rule",
    "start_linking",
    "start_provider_sign_in",
    "start_two_factor",
    "switch_organization",
    "unlink_provider",
    "verify_email",
]
