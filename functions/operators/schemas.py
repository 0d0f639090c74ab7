"""What an operator sends and gets."""

from optiq.kernel.schemas import Day, In, Instant, Out, PageOut
from optiq.tenancy.contracts import NewSite
from pydantic import Field, StrictBool, StrictInt


class NewOrganizationIn(In):
    """Without `slug` it gets one from its name. Without `owner_email` nobody owns it yet."""

    name: str = Field(max_length=200, examples=["Shop"])
    slug: str = Field("", max_length=50)
    currency: str = Field("EUR", max_length=3)
    timezone: str = Field("UTC", max_length=60)
    owner_email: str = Field("", max_length=320, description="of a user that there is")


class NewUserIn(In):
    """`organization_id` names the organization that the user owns."""

    email: str = Field(max_length=320, examples=["ann@shop.example"])
    name: str = Field(max_length=200, examples=["Ann"])
    password: str = Field(max_length=1_000, examples=["correct horse battery staple"])
    organization_id: str = Field("", max_length=60)


class NewOperatorSiteIn(In):
    """Without `organization_id`, the site is in a new organization of the same name."""

    organization_id: str = Field("", max_length=60)
    name: str = Field(examples=["Shop"])
    domains: list[str] = Field(examples=[["shop.example"]])
    timezone: str = "UTC"
    currency: str = "EUR"
    conversion_events: tuple[str, ...] = ()
    lookback_days: StrictInt | None = None
    excluded_referrers: tuple[str, ...] = ()
    split_sessions_at_midnight: StrictBool = False


class AccessIn(In):
    """Name either an organization or a site of it. The organization's audit log shows `purpose`."""

    organization_id: str = Field("", max_length=60)
    site_id: str = Field("", max_length=60)
    purpose: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["site show"])


class OperatorOrganizationOut(Out):
    organization_id: str
    name: str
    slug: str
    currency: str
    timezone: str
    created_at: Instant


class OperatorOrganizationsOut(PageOut[OperatorOrganizationOut]):
    pass


class UserOut(Out):
    user_id: str
    email: str
    name: str


class OperatorSiteOut(Out):
    """A new site and its keys. `write_key` and `api_key` are shown this once."""

    organization_id: str
    site_id: str
    public_key: str
    write_key: str
    api_key: str

    @classmethod
    def of(cls, created: NewSite) -> "OperatorSiteOut":
        return cls(
            organization_id=created.site.organization_id,
            site_id=created.site.site_id,
            public_key=created.public_key,
            write_key=created.write_key,
            api_key=created.api_key,
        )


class AccessOut(Out):
    """`key` opens the routes of this organization until `expires_at`."""

    organization_id: str
    site_id: str
    key: str
    expires_at: Instant


class UnclaimedDay(Out):
    """`not_kept` of those that failed are only counted."""

    day: Day
    failed: int
    not_kept: int


class UnclaimedOut(PageOut[UnclaimedDay]):
    pass
