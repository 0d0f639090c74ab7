"""What an answer of a platform means, and what is raised where it is no success."""

from dataclasses import dataclass
from typing import Literal

from optiq.kernel.errors import UpstreamError

Outcome = Literal["RETRY", "THROTTLE", "EXPIRED", "REAUTH", "NO_ACCESS", "INACTIVE", "SPLIT", "PERMANENT"]
"""What to do about an answer that is no success.

RETRY: ask again later. THROTTLE: ask nobody of the scope before the wait is over. EXPIRED: renew the access token and
ask once more. REAUTH: a person must connect again. NO_ACCESS, INACTIVE: this account alone. SPLIT: ask for less.
PERMANENT: the same request never succeeds.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer of a platform means.

    Attributes:
        code: the platform's own name of it, for people and logs. It has no word of the answer's text.
        wait_seconds: how long to wait at least, where the platform says so.
        scope: who has to wait: ACCOUNT, or APP for every account of ours.
        until_next_day: the wait lasts until the next UTC day begins.
    """

    outcome: Outcome
    code: str
    wait_seconds: int = 0
    scope: Literal["ACCOUNT", "APP"] = "ACCOUNT"
    until_next_day: bool = False


class PlatformError(UpstreamError):
    """A platform did not do what was asked. The message names it and its code, never an address or a token."""

    def __init__(self, platform: str, verdict: Verdict) -> None:
        super().__init__(f"{platform}: {verdict.code}", retryable=verdict.outcome in ("RETRY", "THROTTLE"))
        self.verdict = verdict


class MovedPagesError(UpstreamError):
    """The pages of one answer are of different moments: nothing of them is taken."""

    def __init__(self) -> None:
        super().__init__("UNSTABLE_PAGES: a list changed while its pages were read", retryable=True)
