"""Errors as Stripe answers them."""

from typing import Any


class StripeFault(Exception):  # noqa: N818 - an answer, not a mistake of ours
    """An error object with its status (docs.stripe.com/api/errors)."""

    def __init__(self, status: int, kind: str, message: str, *, code: str = "", param: str = "", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message} | more}
        if code:
            self.body["error"]["code"] = code
        if param:
            self.body["error"]["param"] = param


def invalid(message: str, *, code: str = "", param: str = "") -> StripeFault:
    return StripeFault(400, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, object_id: str) -> StripeFault:
    message = f"No such {kind}: '{object_id}'"
    return StripeFault(404, "invalid_request_error", message, code="resource_missing", param="id")


def declined() -> StripeFault:
    return StripeFault(
        402, "card_error", "Your card was declined.", code="card_declined", decline_code="generic_decline"
    )
