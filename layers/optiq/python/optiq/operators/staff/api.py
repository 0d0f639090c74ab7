"""Staff: users who may use the operator's routes from the console. Whatever they do is entered under their own name.

A signed-in member of staff gets an operator's key (kernel/operator_key.py) that names them and lasts minutes. So the
authorizer checks a signature alone, and no cookie ever opens a route of the operator.
"""

from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import PLATFORM, Change
from optiq.identity.people import api as people
from optiq.identity.people.contracts import Person
from optiq.kernel import operator_key
from optiq.kernel.caller import Caller
from optiq.kernel.clock import MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from optiq.kernel.keys import Key
from optiq.kernel.operator_key import OperatorKey
from optiq.operators.staff.contracts import StaffKey, StaffMember
from optiq.ports import wiring
from optiq.store.api import Store

KEY_MINUTES = 10
"""How long a key lasts; so much longer may somebody work who is no more of the staff."""


def _key(user_id: str) -> Key:
    return Key("PLATFORM", f"STAFF#{user_id}")


_STAFF = Store(StaffMember, "staff member", _key)


def is_staff(user_id: str) -> bool:
    found = _STAFF.find(user_id) if user_id else None
    return found is not None and found.ended_ms is None


def list_staff() -> list[StaffMember]:
    """Everybody of the staff, and who was, the latest first."""
    return sorted(_STAFF.all_of(), key=lambda one: one.added_ms, reverse=True)


def addresses() -> tuple[str, ...]:
    """The e-mail addresses of the staff."""
    return tuple(one.email for one in list_staff() if one.ended_ms is None)


def add_staff(caller: Caller, email: str, clock: Clock = system_clock) -> StaffMember:
    """Makes the user with this e-mail a member of the staff.

    Raises:
        NotFoundError: no user has this e-mail. ConflictError: they are of the staff already.
    """
    user = people.find_by_address(email)
    if user is None:
        raise NotFoundError("email: no user has this e-mail; create the user first")
    staff = replace(caller, organization_id=PLATFORM)
    before = _STAFF.find(user.user_id)
    if before is None:
        return _STAFF.add(staff, StaffMember(PLATFORM, user.user_id, user.email, caller.actor, clock()), clock)
    if before.ended_ms is None:
        raise ConflictError("email: this user is of the staff already")
    again = replace(before, email=user.email, added_by=caller.actor, added_ms=clock(), ended_ms=None)
    return _STAFF.change(staff, before, again, clock=clock)


def end_staff(caller: Caller, user_id: str, clock: Clock = system_clock) -> StaffMember:
    """Somebody is of the staff no more; the key they have ends within KEY_MINUTES. Raises NotFoundError."""
    staff = replace(caller, organization_id=PLATFORM)
    before = _STAFF.get(staff, user_id)
    return before if before.ended_ms else _STAFF.change(staff, before, replace(before, ended_ms=clock()), clock=clock)


def staff_key(person: Person, caller: Caller, clock: Clock = system_clock) -> StaffKey:
    """A key for a signed-in member of the staff. The platform's audit log has an entry before this returns.

    Raises:
        NotFoundError: they are not of the staff. ForbiddenError: not from a session, or without two-factor sign-in.
    """
    people.require_session(person)
    if not is_staff(person.user_id):
        raise NotFoundError("you are not of the staff of this Optiq")
    if not people.profile(person).two_factor:
        raise ForbiddenError("staff sign in with two factors: turn two-factor sign-in on under your account first")
    expires_s = (clock() + KEY_MINUTES * MINUTE_MS) // SECOND_MS
    entry = Change(PLATFORM, person.user_id, "staff_member.entered", person.user_id, {}, {}, caller.origin)
    audit.commit([], [entry])
    key = operator_key.sign(wiring.platform_secret(), OperatorKey(expires_s, user_id=person.user_id))
    return StaffKey(key, expires_s * SECOND_MS)
