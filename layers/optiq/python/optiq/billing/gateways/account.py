"""Our account at Stripe, as the operator gives it: one JSON object in a secret or a file.

{"secret_key": "sk_test_…", "webhook_secrets": ["whsec_…"], "live": false, "api": "https://api.stripe.com",
 "own_site": "pk_…"}
"""

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from optiq.ports import wiring

_LIVE_KEYS = ("sk_live_", "rk_live_")


class StripeAccount(BaseModel):
    """Attributes:
    webhook_secrets: of the destination of events; several while one is replaced.
    live: real money is moved. A live key without it is refused, and so are events of the other kind.
    api: where the API is.
    portal_configuration: what the customer portal may do; `optiq billing push` makes one.
    own_site: the public key of a site of ours that sign-ups and payments are events of; "" for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret_key: str
    webhook_secrets: tuple[str, ...] = ()
    live: bool = False
    api: str = "https://api.stripe.com"
    portal_configuration: str = ""
    own_site: str = ""

    @model_validator(mode="after")
    def _live_on_purpose(self) -> "StripeAccount":
        if self.secret_key.startswith(_LIVE_KEYS) != self.live:
            raise ValueError('secret_key: a live key needs "live": true beside it, and a test key must not have it')
        return self


@lru_cache(maxsize=1)
def stripe_account() -> StripeAccount | None:
    """The account; None where nobody pays. Raises ValueError for one that cannot be, without its content."""
    text = wiring.stripe_account()
    if not text.strip():
        return None
    try:
        return StripeAccount.model_validate_json(text)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ValueError(f"OPTIQ_STRIPE cannot be read: {wrong}") from None
