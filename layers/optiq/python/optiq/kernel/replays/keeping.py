"""A request with an Idempotency-Key is done once: sent again, it gets the answer of the first time.

Keys are apart by caller and route. An answer is kept for a day; that of a failure is not, so that the request may be
tried again with its key (docs/decisions/0040).
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from optiq.kernel.clock import DAY_MS, MINUTE_MS, SECOND_MS, Clock, system_clock
from optiq.kernel.errors import InvalidError, KeyInUseError, KeyReusedError
from optiq.kernel.http import Event, authorized, body_bytes, header
from optiq.kernel.keys import Key
from optiq.kernel.replays.records import KeptAnswerRecord
from optiq.kernel.replays.sealing import mark, seal, unseal
from optiq.kernel.routes import Route
from optiq.kernel.table import TableError, Update, table_outages, update_if

REPLAYED = "idempotent-replayed"
KEPT_MS = DAY_MS
RUN_MS = MINUTE_MS
"""How long a request may run: twice as long as API Gateway waits for a function. After that its process has died."""
_LONGEST_KEY = 255
_RETRY_SECONDS = 1
_LOG = logging.getLogger(__name__)
_Answer = dict[str, Any]


def once(event: Event, route: Route, answer: Callable[[], _Answer], clock: Clock = system_clock) -> _Answer:
    """The answer to a request, from what is kept for its key or by answering it.

    Raises:
        InvalidError: the key is not 1 to 255 printable ASCII characters.
        KeyReusedError: the key came with another request. KeyInUseError: the first request with it still runs.
        UpstreamError: the table does not answer; nothing was done.
    """
    key = _key(event)
    place = _place(authorized(event), route, key)
    attempt = _Attempt(place, key, mark(_sent(event), place.pk, key), secrets.token_hex(8))
    with table_outages():
        kept = attempt.begin(clock())
    if kept is not None:
        return {**kept, "headers": {**kept["headers"], REPLAYED: "true"}}
    try:
        found = answer()
    except BaseException:
        attempt.end(None, clock())
        raise
    attempt.end(found if found["statusCode"] < 400 else None, clock())
    return found


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try of a request. Attributes: place: of its item. request: the mark of what was sent."""

    place: Key
    key: str
    request: str
    run: str

    def begin(self, now_ms: int) -> _Answer | None:
        """Takes the key for this attempt; the kept answer when there is one."""
        kept = KeptAnswerRecord
        died = kept.answer.does_not_exist() & (kept.busy_until_ms < now_ms)
        free = kept.pk.does_not_exist() | (kept.forget_at <= now_ms // SECOND_MS) | died
        actions = [
            kept.run.set(self.run),
            kept.request.set(self.request),
            kept.busy_until_ms.set(now_ms + RUN_MS),
            kept.forget_at.set((now_ms + KEPT_MS) // SECOND_MS),
            kept.answer.remove(),
        ]
        return None if update_if(Update(self._record, actions, free)) else self._kept(now_ms)

    def end(self, answer: _Answer | None, now_ms: int) -> None:
        """Keeps the answer, or gives the key back; nothing when a later attempt has taken it."""
        kept = KeptAnswerRecord
        if answer is None:
            actions = [kept.forget_at.set(now_ms // SECOND_MS)]
        else:
            sealed = seal(answer, self.place.pk, self.key)
            actions = [kept.answer.set(sealed), kept.forget_at.set((now_ms + KEPT_MS) // SECOND_MS)]
        try:
            update_if(Update(self._record, actions, kept.run == self.run))
        except TableError:
            # What was asked for is done: its caller gets the answer, and the key is in use until RUN_MS have passed.
            _LOG.warning("the answer for an Idempotency-Key could not be kept", exc_info=True)

    def _kept(self, now_ms: int) -> _Answer:
        try:
            found = KeptAnswerRecord.get(*self.place, consistent_read=True)
        except KeptAnswerRecord.DoesNotExist:
            raise _in_use() from None
        if found.has_ended(now_ms):
            raise _in_use()
        if found.request != self.request:
            raise KeyReusedError(
                "Idempotency-Key: it came with another request before; take a new key for each request"
            )
        if found.answer is None:
            raise _in_use()
        return unseal(found.answer, self.place.pk, self.key)

    @property
    def _record(self) -> KeptAnswerRecord:
        return KeptAnswerRecord(*self.place)


def _in_use() -> KeyInUseError:
    return KeyInUseError(
        "Idempotency-Key: the first request with it still runs; send the same request again for its answer",
        retry_after_seconds=_RETRY_SECONDS,
    )


def _key(event: Event) -> str:
    key = header(event, "idempotency-key")
    if not (1 <= len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidError(f"Idempotency-Key: must have 1 to {_LONGEST_KEY} printable ASCII characters")
    return key


def _place(caller: Mapping[str, Any], route: Route, key: str) -> Key:
    """Scopes are a part of it: an API key that may do less than its person gets no answer that the person got.

    What is about the person is apart by person alone: leaving an organization changes which one they are in.
    """
    organization_id = "" if route.personal else str(caller.get("organization_id", ""))
    actor = str(caller.get("user_id") or caller.get("credential_id", ""))
    parts = (actor, str(caller.get("scopes", "*")), route.key, key)
    digest = sha256("\x1f".join(parts).encode()).hexdigest()
    owner = f"ORG#{organization_id}" if organization_id else f"USER#{actor}"
    return Key(f"{owner}#REQUEST#{digest}", "ANSWER")


def _sent(event: Event) -> bytes:
    where = (str(event.get("rawPath", "")), str(event.get("rawQueryString", "")))
    return b"\0".join((*(text.encode() for text in where), body_bytes(event)))
