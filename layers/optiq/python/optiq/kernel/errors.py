"""The short list of errors a context may raise. Each is mapped once to an HTTP problem (kernel/http.py)."""

from collections.abc import Mapping, Sequence

from optiq.kernel.quotas import Quota


class OptiqError(Exception):
    """Base of every error we raise on purpose; the message is safe to show to the caller.

    Attributes:
        code: what programs tell it by.
    """

    code = "INTERNAL"


class InvalidError(OptiqError):
    """What the caller sent cannot be understood or breaks a rule.

    Args:
        message: what is wrong, for the caller.
        fields: what is wrong with each field, by where it stands, such as `body.label`.
    """

    code = "INVALID"

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class UnauthenticatedError(OptiqError):
    """No credential, or one that is unknown, expired or revoked."""

    code = "UNAUTHENTICATED"


class PaymentRequiredError(OptiqError):
    """The organization has too few credits, or its plan does not include this."""

    code = "PAYMENT_REQUIRED"


class PlanLimitError(PaymentRequiredError):
    """The organization may send nothing more for now: its plan has no room for it."""

    code = "PLAN_LIMIT"


class ForbiddenError(OptiqError):
    """The credential is good but does not allow this."""

    code = "FORBIDDEN"


class NotFoundError(OptiqError):
    """There is no such thing within the caller's organization."""

    code = "NOT_FOUND"


class ConflictError(OptiqError):
    """The thing exists already, or changed under the caller."""

    code = "CONFLICT"


class VersionError(ConflictError):
    """The thing is of another version than the caller expects, or was changed while the caller changed it."""

    code = "VERSION_CHANGED"


def require_version(expected: int | None, current: int) -> None:
    """Raises VersionError for a change that is meant for another version; None is meant for any."""
    if expected not in (None, current):
        raise VersionError(f"version: it is of version {current} now")


class KeyReusedError(ConflictError):
    """The Idempotency-Key came with another request before."""

    code = "IDEMPOTENCY_KEY_REUSED"


class KeyInUseError(ConflictError):
    """The first request with the Idempotency-Key still runs.

    Args:
        retry_after_seconds: when its answer may be there.
    """

    code = "IDEMPOTENCY_KEY_IN_USE"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class PreconditionFailedError(OptiqError):
    """The thing is of another version than the request's If-Match names."""

    code = "PRECONDITION_FAILED"


class TooLargeError(OptiqError):
    """The body is larger than we accept."""

    code = "TOO_LARGE"


class LimitExceededError(OptiqError):
    """The caller has used up what it may do for now.

    Args:
        message: what was exceeded, for the caller.
        retry_after_seconds: when the same call may succeed.
        quotas: the limits that the caller may know of.
    """

    code = "LIMIT_EXCEEDED"

    def __init__(self, message: str, *, retry_after_seconds: int, quotas: Sequence[Quota] = ()) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.quotas = quotas


class UpstreamError(OptiqError):
    """A service we depend on failed.

    Args:
        message: what failed, for the caller.
        retryable: whether the same call may succeed later.
    """

    code = "UPSTREAM"

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable
