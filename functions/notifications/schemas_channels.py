"""Channels and what they were sent, as requests and answers have them."""

from typing import Annotated, Literal, Self

from optiq.kernel.schemas import In, Instant, OrNull, Out, PageOut, fields_of, shows
from optiq.notifications.channels.contracts import Channel, ChannelKind, NewChannel
from optiq.notifications.contracts import Delivery, Severity
from pydantic import Field, StrictInt

_Never = Annotated[Instant | None, OrNull]
_UNSHOWN = ("sealed_url", "sealed_secret", "sealed_old_secret")


class ChannelIn(In):
    """A channel. `takes` names kinds of messages for SLACK, such as `alert`, and types of events for WEBHOOK, such as
    `alert.triggered`: `GET /v1/message-channel-types` lists both. `least` is of SLACK: what is less severe is not sent.
    """

    kind: ChannelKind = Field(examples=["WEBHOOK"])
    name: str = Field(examples=["Shop server"])
    url: str = Field(examples=["https://hooks.example.com/optiq"])
    takes: tuple[str, ...] = Field(examples=[["alert.triggered", "alert.resolved"]])
    site_id: str = Field("", description="of one site alone; by default of all")
    least: Severity = "WARNING"


class ChannelPatch(In):
    """What to change; what is absent stays. With `version`, only while the channel is of that version."""

    name: str = ""
    url: str = ""
    takes: tuple[str, ...] = ()
    least: Severity = "WARNING"
    status: Literal["ACTIVE", "PAUSED"] = "ACTIVE"
    version: StrictInt | None = None


@shows(Channel, but=_UNSHOWN)
class ChannelOut(Out):
    """`shown_url` is the address without its secret part. `reason` says why it is DISABLED. Until `old_until_at`, the
    secret before this one signs too.
    """

    old_until_at: _Never


class NewChannelOut(Out):
    """A channel, with the secret that is shown only now; "" for SLACK."""

    channel: ChannelOut
    secret: str

    @classmethod
    def of(cls, new: NewChannel) -> Self:
        return cls(channel=ChannelOut.model_validate(new.channel), secret=new.secret)


class ChannelsOut(PageOut[ChannelOut]):
    """Newest first."""


class ChannelTypeOut(Out):
    name: str
    what: str


class ChannelTypesOut(Out):
    """What channels may take: kinds of messages for SLACK, types of events for WEBHOOK."""

    slack: list[ChannelTypeOut]
    webhook: list[ChannelTypeOut]


_HIDDEN = (
    "channel",
    "target",
    "user_id",
    "site_id",
    "topic",
    "needs",
    "merges",
    "waits",
    "valid_until_ms",
    "opened_ms",
    "clicked_ms",
)


@shows(Delivery, but=_HIDDEN)
class DeliveryOut(Out):
    """`kind` is the type of an event. `answer` is the status of the receiver's last answer, 0 for none; `reason` says
    why it is not SENT.
    """

    next_at: _Never
    sent_at: _Never

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        return cls.model_validate(fields_of(delivery))


class DeliveriesOut(PageOut[DeliveryOut]):
    """Newest first."""
