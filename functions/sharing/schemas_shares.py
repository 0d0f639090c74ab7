"""Share links as the API writes them, and what they show."""

from optiq.kernel.schemas import In, Instant, InstantIn, Out, PageOut, fields_of, shows
from optiq.sharing.contracts import SharedKind
from optiq.sharing.dashboards.contracts import CardAnswer
from optiq.sharing.shares.api import DEFAULT_DAYS
from optiq.sharing.shares.contracts import ListedShare, NewShare, Shared, ShareLink
from pydantic import Field

from functions.sharing.schemas_dashboards import CardAnswerOut


class ShareIn(In):
    """A dashboard or a saved view to show to whoever has the link."""

    kind: SharedKind
    shared_id: str = Field(description="id of the dashboard or the view", examples=["dash_01JB0000000000000000000001"])
    label: str = Field("", description="who it is for; only the organization sees it", examples=["Our client"])
    expires_at: InstantIn | None = Field(
        None, description=f"by default in {DEFAULT_DAYS} days; at most 400 days from now", examples=[None]
    )


@shows(ShareLink, but=("site_id",))
class ShareOut(Out):
    """A link. It works until `expires_at` or `revoked_at`, while its owner may share and the site is not archived.
    `used_at` is to a minute, and null for never.
    """

    used_at: Instant | None

    @classmethod
    def of(cls, found: ListedShare) -> "ShareOut":
        return cls.model_validate(fields_of(found.link) | {"used_ms": found.used_ms})


class NewShareOut(ShareOut):
    """A link just made. `address` is shown only now: it has the token, of which a hash is kept."""

    address: str

    @classmethod
    def of_new(cls, found: NewShare) -> "NewShareOut":
        return cls.model_validate(fields_of(found.link) | {"used_ms": None, "address": found.address})


class SharesOut(PageOut[ShareOut]):
    """Newest first."""


class SharedAskIn(In):
    """The token of a share link's address."""

    token: str = Field(examples=["sh_0123456789abcdefghijklmnopqrstuv"])


class SharedOut(Out):
    """What a link shows: the cards of a dashboard, or one card with a view. `view_id` is always ""."""

    name: str
    kind: SharedKind
    expires_at: Instant
    cards: list[CardAnswerOut]

    @classmethod
    def of(cls, found: Shared) -> "SharedOut":
        cards: tuple[CardAnswer, ...] = found.cards
        return cls.model_validate(fields_of(found) | {"cards": [CardAnswerOut.of(one) for one in cards]})
