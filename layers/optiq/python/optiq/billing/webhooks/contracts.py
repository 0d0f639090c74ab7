"""What Stripe tells us, as it travels on the stream."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class StripeChanged(BaseModel):
    """On the stream: an object at Stripe changed. How it is now is asked of Stripe.

    Attributes:
        event_id, event_type: such as `invoice.paid`; several events may be about one change.
        kind: of the object, such as `invoice`.
    """

    model_config = ConfigDict(frozen=True)

    type: Literal["StripeChanged"] = "StripeChanged"
    event_id: str
    event_type: str
    kind: str
    object_id: str
