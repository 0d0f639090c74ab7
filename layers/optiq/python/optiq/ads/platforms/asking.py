"""Requests to platforms by HTTP. Addresses, bodies and tokens of them are never in an error or a log."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from optiq.ads.platforms.reported import Json, Usage
from optiq.ads.platforms.verdicts import PlatformError, Verdict

_CONNECT_SECONDS, _READ_SECONDS = 5, 60
_CONNECTIONS = 40
_AGENT = "Optiq"

# Its lines for debugging have whole addresses, and Meta's have a secret where a code is exchanged for a token.
logging.getLogger("urllib3.connectionpool").addFilter(lambda line: line.levelno > logging.DEBUG)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `form`, `document` and `raw` (JSON, byte for byte) are the kinds of body."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    document: Mapping[str, Json] | None = None
    raw: bytes | None = None
    read_seconds: int = _READ_SECONDS

    def __repr__(self) -> str:
        return f"Asked({self.method})"


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: Json


RETRY_SECONDS = 30


def by_status(status: int, code: str = "") -> Verdict:
    """What an answer without a known error means; `code` is the platform's own name of it, if there is one."""
    if status == 429 or status >= 500:
        return Verdict("RETRY", f"HTTP_{status}", RETRY_SECONDS)
    return Verdict("PERMANENT", code or f"HTTP_{status}")


def require_quota(platform: str, usage: Usage | None) -> None:
    """Raises PlatformError when the platform's last answer says that it answers nothing for a while."""
    if usage and usage.wait_seconds:
        raise PlatformError(platform, Verdict("THROTTLE", "QUOTA_USED", usage.wait_seconds, usage.scope))


UPLOAD_SECONDS = 10
"""An answer to conversions that were uploaded comes soon, or is waited for by whoever sends them again."""


def upload_answer(platform: str, asked: Asked, classify: "Classify") -> Answered:
    """What a platform answers to an upload. Raises PlatformError: there is no answer, or the token is not accepted."""
    answered = send(platform, replace(asked, read_seconds=UPLOAD_SECONDS))
    verdict = classify(answered)
    if verdict and verdict.outcome in ("EXPIRED", "REAUTH"):
        raise PlatformError(platform, verdict)
    return answered


Classify = Callable[[Answered], Verdict | None]
"""What an answer means; None for a success."""


def ask(platform: str, asked: Asked, classify: Classify) -> Json:
    """The body of a success. Raises PlatformError: no answer, an answer that was cut, or what `classify` says."""
    answered = send(platform, asked)
    if verdict := classify(answered):
        raise PlatformError(platform, verdict)
    return answered.body


def send(platform: str, asked: Asked) -> Answered:
    """An answer, whatever it is. Raises PlatformError: no answer, or one that was cut."""
    url = f"{asked.url}?{urlencode(asked.query)}" if asked.query else asked.url
    headers = {"user-agent": _AGENT, "accept": "application/json", **asked.headers}
    body: bytes | None = None
    if asked.form is not None:
        body, headers["content-type"] = urlencode(asked.form).encode(), "application/x-www-form-urlencoded"
    if asked.document is not None:
        body, headers["content-type"] = json.dumps(asked.document).encode(), "application/json"
    if asked.raw is not None:
        body, headers["content-type"] = asked.raw, "application/json"
    timeout = Timeout(connect=_CONNECT_SECONDS, read=asked.read_seconds)
    try:
        answer = _pool().request(
            asked.method, url, body=body, headers=headers, retries=False, redirect=False, timeout=timeout
        )
    except (HTTPError, OSError) as error:
        # The error's own text has the address, and an address may have a secret. So it is no cause of ours.
        raise PlatformError(platform, Verdict("RETRY", f"NO_ANSWER ({type(error).__name__})")) from None
    lower = {name.lower(): value for name, value in answer.headers.items()}
    return Answered(answer.status, lower, _read(platform, answer.status, answer.data))


def _read(platform: str, status: int, raw: bytes) -> Json:
    try:
        return json.loads(raw, parse_float=str) if raw else {}
    except ValueError:
        if status >= 500:  # A proxy's page of HTML: the status says enough.
            return {}
        raise PlatformError(platform, Verdict("RETRY", "UNREADABLE_ANSWER")) from None


@lru_cache(maxsize=1)
def _pool() -> PoolManager:
    return PoolManager(maxsize=_CONNECTIONS)
