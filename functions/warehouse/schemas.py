"""The copy of the lake as the API writes it."""

from typing import Annotated

from optiq.kernel.schemas import In, Instant, Out, fields_of, shows
from optiq.warehouse.contracts import Destination, DestinationKind, LastCopy, Piece
from pydantic import Field, StrictBool, StrictInt

_Secret = Annotated[str, Field(description="kept sealed, and never shown", examples=["a secret of 40 characters"])]


class DestinationIn(In):
    """Where to copy the lake; what is absent stays. With `version`, only while it is of that version."""

    kind: DestinationKind = "S3"
    bucket: str = Field("", examples=["shop-warehouse"])
    prefix: str = Field("", description="files begin so; it ends with a slash", examples=["optiq/"])
    region: str = Field("", examples=["eu-central-1"])
    endpoint: str = Field("", description="of a store like S3 that the operator allows; empty for AWS", examples=[""])
    role_arn: str = Field(
        "",
        description="a role of your AWS account that trusts Optiq for your organization's id as external id",
        examples=["arn:aws:iam::123456789012:role/OptiqWarehouse"],
    )
    access_key_id: str = Field("", description="in place of a role", examples=[""])
    secret_access_key: _Secret = ""
    active: StrictBool = Field(False, description="the lake is copied")
    version: StrictInt | None = None


@shows(LastCopy)
class LastCopyOut(Out):
    """How the last run went. `days` are days of tables that it copied, with their rows and bytes (`size`)."""

    started_at: Instant | None
    finished_at: Instant | None


@shows(Destination, but=("sealed_secret",))
class DestinationOut(Out):
    """Where the lake is copied to, and how the last copy went. Of version 0 nothing was set. `external_id` is what
    a role must ask for.
    """

    has_secret: bool
    external_id: str
    last_copy: LastCopyOut

    @classmethod
    def of(cls, found: Destination, last: LastCopy) -> "DestinationOut":
        more = {"has_secret": bool(found.sealed_secret), "external_id": found.organization_id, "last_copy": last}
        return cls.model_validate(fields_of(found) | more)


class DestinationTestOut(Out):
    """A file was written there, read and removed."""

    works: bool = True


@shows(Piece)
class PieceOut(Out):
    """Some days of a table, as one file. `size` is of the stored files that they are in, in bytes."""


class PiecesOut(Out):
    """All pieces. Each day of each table is in one of them."""

    pieces: list[PieceOut]
