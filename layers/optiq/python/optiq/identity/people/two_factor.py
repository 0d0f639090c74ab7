"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

A step is 30 seconds. The code of the present step is taken, and of the one before and after, for clocks that are off
by so much. A step is taken once ever: the last one taken is kept and moves by a conditional write, in the transaction
of what it was given for. The secret stands nowhere: it is derived from a salt and the platform secret.
"""

import base64
import hmac
import secrets
from collections.abc import Collection, Sequence

from optiq.identity import keys
from optiq.identity.people.contracts import Enrolment
from optiq.identity.people.records import RecoveryRecord, TotpRecord
from optiq.kernel.clock import SECOND_MS
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.secrets import identity_hash
from optiq.kernel.table import Put, Update
from optiq.ports import wiring

STEP_SECONDS = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
_ISSUER = "Optiq"
_WRONG = "the code is wrong, or was used before"
_SECRET_BYTES = 20
_SALT_BYTES = 16
_CODE_BYTES = 10
"""80 bits: sixteen characters of base 32, which nobody can guess even with the hashes."""


def new_authenticator(user_id: str) -> tuple[TotpRecord, Put]:
    """One to be confirmed; it takes the place of one that was not."""
    record = TotpRecord(*keys.authenticator(user_id), salt=secrets.token_hex(_SALT_BYTES))
    return record, Put(record, TotpRecord.pk.does_not_exist() | TotpRecord.confirmed_ms.does_not_exist())


def enrolment(user_id: str, email: str, record: TotpRecord) -> Enrolment:
    """What to show once, so that an app can be set up."""
    import pyotp
    import segno

    secret = _secret(user_id, record.salt)
    uri = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=_ISSUER)
    return Enrolment(secret, uri, segno.make(uri, error="m", micro=False).svg_inline(scale=4, border=4))


def get_authenticator(user_id: str) -> TotpRecord:
    """Raises UnauthenticatedError when the person has none."""
    try:
        return TotpRecord.get(*keys.authenticator(user_id), consistent_read=True)
    except TotpRecord.DoesNotExist as error:
        raise UnauthenticatedError("there is no authenticator") from error


def confirmation(user_id: str, code: str, now_ms: int) -> Update:
    """Makes an authenticator the person's. Raises UnauthenticatedError for a code that is not its."""
    record = get_authenticator(user_id)
    step = _step_of(user_id, record, code, now_ms)
    same = (TotpRecord.salt == record.salt) & TotpRecord.confirmed_ms.does_not_exist()
    changes = [TotpRecord.confirmed_ms.set(now_ms), TotpRecord.last_step.set(step)]
    return Update(TotpRecord(*keys.authenticator(user_id)), changes, same)


def removal(user_id: str) -> Update:
    """Lets go of a confirmed authenticator; what it took stays taken."""
    return Update(
        TotpRecord(*keys.authenticator(user_id)), [TotpRecord.confirmed_ms.remove()], TotpRecord.confirmed_ms.exists()
    )


def use_of_code(user_id: str, code: str, now_ms: int) -> Update:
    """Takes a code of an app, or a recovery code, to be written with what it was given for.

    Raises:
        UnauthenticatedError: a wrong code, or one that was taken.
    """
    typed = "".join(code.split()).replace("-", "").upper()
    if len(typed) == _CODE_BYTES * 8 // 5:
        digest = _recovery_digest(user_id, typed)
        if digest not in _recovery_digests(user_id):
            raise UnauthenticatedError(_WRONG)
        unused = RecoveryRecord.digests.contains(digest)
        return Update(RecoveryRecord(*keys.recovery_codes(user_id)), [RecoveryRecord.digests.delete({digest})], unused)
    record = get_authenticator(user_id)
    if record.confirmed_ms is None:
        raise UnauthenticatedError("there is no authenticator")
    step = _step_of(user_id, record, typed, now_ms)
    untaken = (TotpRecord.last_step < step) & (TotpRecord.salt == record.salt) & TotpRecord.confirmed_ms.exists()
    return Update(TotpRecord(*keys.authenticator(user_id)), [TotpRecord.last_step.set(step)], untaken)


def new_recovery_codes(user_id: str) -> tuple[Sequence[str], Put]:
    """Ten codes, such as `ABCD-EFGH-IJKL-MNOP`, in place of all before."""
    raw = [base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    digests = {_recovery_digest(user_id, code) for code in raw}
    shown = ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in raw]
    return shown, Put(RecoveryRecord(*keys.recovery_codes(user_id), digests=digests), None)


def recovery_codes_left(user_id: str) -> int:
    return len(_recovery_digests(user_id))


def _step_of(user_id: str, record: TotpRecord, code: str, now_ms: int) -> int:
    """The step a code belongs to, among those not taken yet. Raises UnauthenticatedError."""
    import pyotp

    totp = pyotp.TOTP(_secret(user_id, record.salt), interval=STEP_SECONDS)
    now = now_ms // SECOND_MS // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > record.last_step and hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    raise UnauthenticatedError(_WRONG)


def _secret(user_id: str, salt: str) -> str:
    """160 bits in base 32."""
    key = identity_hash(wiring.platform_secret(), user_id, "authenticator", "secret")
    return base64.b32encode(hmac.digest(key.encode(), salt.encode(), "sha256")[:_SECRET_BYTES]).decode()


def _recovery_digests(user_id: str) -> Collection[str]:
    """Of the codes not used yet."""
    try:
        return RecoveryRecord.get(*keys.recovery_codes(user_id), consistent_read=True).digests or ()
    except RecoveryRecord.DoesNotExist:
        return ()


def _recovery_digest(user_id: str, code: str) -> str:
    return identity_hash(wiring.platform_secret(), user_id, "recovery", code)
