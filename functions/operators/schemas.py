"""What an operator sends and gets."""

from optiq.identity.people.contracts import User
from optiq.kernel.clock import to_rfc3339
from optiq.operators.contracts import Access, Unclaimed
from optiq.tenancy.contracts import NewSite, Organization
from pydantic import BaseModel, ConfigDict, Field

from functions.tenancy.payloads import SiteBody


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewOrganizationIn(_In):
    """Without `slug` it gets one from its name. Without `owner_email` nobody owns it yet."""

    name: str = Field(max_length=200, examples=["Shop"])
    slug: str = Field("", max_length=50)
    currency: str = Field("EUR", max_length=3)
    timezone: str = Field("UTC", max_length=60)
    owner_email: str = Field("", max_length=320, description="of a user that there is")


class NewUserIn(_In):
    """`organization_id` names the organization that the user owns."""

    email: str = Field(max_length=320, examples=["ann@shop.example"])
    name: str = Field(max_length=200, examples=["Ann"])
    password: str = Field(max_length=1_000)
    organization_id: str = Field("", max_length=60)


class NewOperatorSiteIn(SiteBody):
    """A site as `POST /v1/sites` takes it. Without `organization_id`, in a new organization of the same name."""

    organization_id: str = Field("", max_length=60)


class AccessIn(_In):
    """Name either an organization or a site of it. The organization's audit log shows `purpose`."""

    organization_id: str = Field("", max_length=60)
    site_id: str = Field("", max_length=60)
    purpose: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["site show"])


class OperatorOrganizationOut(BaseModel):
    organization_id: str
    name: str
    slug: str
    currency: str
    timezone: str
    created_at: str

    @classmethod
    def of(cls, found: Organization) -> "OperatorOrganizationOut":
        return cls(
            organization_id=found.organization_id,
            name=found.name,
            slug=found.slug,
            currency=found.currency,
            timezone=found.timezone,
            created_at=to_rfc3339(found.created_ms),
        )


class OperatorOrganizationsOut(BaseModel):
    items: list[OperatorOrganizationOut]
    cursor: str | None


class UserOut(BaseModel):
    user_id: str
    email: str
    name: str

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls(user_id=user.user_id, email=user.email, name=user.name)


class OperatorSiteOut(BaseModel):
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


class AccessOut(BaseModel):
    """`key` opens the routes of this organization until `expires_at`."""

    organization_id: str
    site_id: str
    key: str
    expires_at: str

    @classmethod
    def of(cls, access: Access) -> "AccessOut":
        return cls(
            organization_id=access.organization_id,
            site_id=access.site_id,
            key=access.key,
            expires_at=to_rfc3339(access.expires_ms),
        )


class UnclaimedDay(BaseModel):
    """`not_kept` of those that failed are only counted."""

    day: str
    failed: int
    not_kept: int

    @classmethod
    def of(cls, found: Unclaimed) -> "UnclaimedDay":
        return cls(day=found.day.isoformat(), failed=found.failed, not_kept=found.not_kept)


class UnclaimedOut(BaseModel):
    items: list[UnclaimedDay]
    cursor: None = None
