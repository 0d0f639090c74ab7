"""Secrets that are good once and for a while: the links in our mails, and the step between two factors.

What was proved is used up in the same transaction as what it was proved for. A link ends also when its user's epoch
moves on: after a change of password no older link changes it again.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from optiq.identity import keys
from optiq.identity.people.records import ProofRecord
from optiq.kernel.clock import DAY_MS, MINUTE_MS
from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.secrets import digest_of, new_secret
from optiq.kernel.table import Put, Update

Purpose = Literal["SIGN_UP", "MAGIC_LINK", "PASSWORD_RESET", "SECOND_FACTOR", "OAUTH", "NOTHING"]
_LIFETIME_MS: Mapping[Purpose, int] = {
    "SIGN_UP": DAY_MS,
    "MAGIC_LINK": 15 * MINUTE_MS,
    "PASSWORD_RESET": 30 * MINUTE_MS,
    "SECOND_FACTOR": 10 * MINUTE_MS,
    "OAUTH": 10 * MINUTE_MS,
    "NOTHING": 15 * MINUTE_MS,
}
"""NOTHING stands where there is nothing to prove, so that the same is written whether an address is known or not."""
_PREFIX = "op"
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class NewProof:
    put: Put
    secret: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was good when it was read. `use` is to be written together with what it proves."""

    user_id: str
    epoch: int
    data: Mapping[str, str]
    digest: str
    use: Update


def new_proof(
    purpose: Purpose, now_ms: int, *, user_id: str = "", epoch: int = 0, data: Mapping[str, str] | None = None
) -> NewProof:
    secret = new_secret(_PREFIX)
    expires_ms = now_ms + _LIFETIME_MS[purpose]
    record = ProofRecord(
        *keys.proof(secret.digest),
        purpose=purpose,
        user_id=user_id,
        epoch=epoch,
        data=json.dumps(dict(data or {})),
        expires_ms=expires_ms,
        forget_at=(expires_ms + DAY_MS) // 1000,
    )
    return NewProof(Put(record, ProofRecord.pk.does_not_exist()), secret.plain, expires_ms)


def read_proof(purpose: Purpose, secret: str, now_ms: int) -> Proof:
    """Raises UnauthenticatedError for what was never given, is used up, or is too old."""
    refusal = UnauthenticatedError("this is not good any more: ask for another")
    if len(secret) > _LONGEST:
        raise refusal
    digest = digest_of(secret)
    try:
        record = ProofRecord.get(*keys.proof(digest), consistent_read=True)
    except ProofRecord.DoesNotExist as error:
        raise refusal from error
    if record.purpose != purpose or record.used_ms is not None or record.expires_ms <= now_ms:
        raise refusal
    unused = ProofRecord.used_ms.does_not_exist() & (ProofRecord.purpose == purpose)
    use = Update(ProofRecord(*keys.proof(digest)), [ProofRecord.used_ms.set(now_ms)], unused)
    return Proof(record.user_id, int(record.epoch), json.loads(record.data), digest, use)
