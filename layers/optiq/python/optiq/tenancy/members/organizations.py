"""Organizations: made with their first owner, known by a slug that no other has."""

import re
from dataclasses import replace

from optiq.audit import api as audit
from optiq.audit.contracts import Change, Fields
from optiq.kernel.caller import Caller
from optiq.kernel.clock import parse_timezone
from optiq.kernel.errors import ConflictError, InvalidError, NotFoundError
from optiq.kernel.ids import new_id
from optiq.kernel.money import parse_currency
from optiq.kernel.table import Put, Update
from optiq.tenancy import keys
from optiq.tenancy.contracts import Organization, OrganizationChange
from optiq.tenancy.members import membership
from optiq.tenancy.members.records import SlugRecord
from optiq.tenancy.records import OrganizationRecord
from optiq.tenancy.site_settings import checked_name

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,48})[a-z0-9]")
_WEB = re.compile(r"https://[^\s<>\"]{1,1000}")
_SAID = ("name", "slug", "currency", "timezone", "logo_url")


def create(actor: Caller, wanted: Organization, now_ms: int, *, owned: bool = True) -> Organization:
    """Makes an organization (its id is new) that belongs to the actor, or for now to nobody.

    Raises:
        InvalidError: a setting that cannot be. ConflictError: another has this slug.
    """
    made = _checked(replace(wanted, organization_id=new_id("org", now_ms), created_ms=now_ms))
    record = _record(made, owners=int(owned))
    writes: list[Put | Update] = [Put(record, OrganizationRecord.pk.does_not_exist()), _claim(made)]
    if owned:
        # An item stands once in a transaction: the record counts its owner as it is made.
        writes += membership.joining(made.organization_id, actor.actor, "OWNER", actor.actor, now_ms)[:2]
    said = Change(
        made.organization_id,
        actor.actor,
        "organization.created",
        made.organization_id,
        {},
        _said(made),
        actor.origin,
    )
    if not audit.commit(writes, [said]):
        raise ConflictError(f"slug: '{made.slug}' is taken")
    return made


def change(actor: Caller, changes: OrganizationChange, expected_version: int | None) -> Organization:
    """Changes settings together. Raises as create; NotFoundError; ConflictError also when another version stands."""
    before = read(actor.organization_id).contract()
    if expected_version not in (None, before.version):
        raise ConflictError(f"version: it is of version {before.version} now")
    after = _checked(replace(before, **changes))
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    fields = {field: getattr(after, field) for field in (*_SAID, "version")}
    actions = [getattr(OrganizationRecord, field).set(value) for field, value in fields.items()]
    unchanged = OrganizationRecord.version == before.version
    if not before.version:
        unchanged = unchanged | OrganizationRecord.version.does_not_exist()
    writes: list[Put | Update] = [
        Update(OrganizationRecord(*keys.organization(actor.organization_id)), actions, unchanged)
    ]
    if after.slug != before.slug:
        writes.append(_claim(after))
        if before.slug:
            freed = SlugRecord(*keys.slug(before.slug))
            held = SlugRecord.organization_id == before.organization_id
            writes.append(Update(freed, [SlugRecord.organization_id.set("")], held))
    differing = [field for field in _SAID if getattr(after, field) != getattr(before, field)]
    said = Change(
        actor.organization_id,
        actor.actor,
        "organization.changed",
        actor.organization_id,
        {field: getattr(before, field) for field in differing},
        {field: getattr(after, field) for field in differing},
        actor.origin,
    )
    if not audit.commit(writes, [said]):
        holder = _holder(after.slug)
        taken = holder not in ("", after.organization_id)
        raise ConflictError(
            f"slug: '{after.slug}' is taken" if taken else "it was changed at the same time: read it and try again"
        )
    return after


def read(organization_id: str) -> OrganizationRecord:
    """Raises NotFoundError."""
    try:
        return OrganizationRecord.get(*keys.organization(organization_id), consistent_read=True)
    except OrganizationRecord.DoesNotExist as error:
        raise NotFoundError("there is no such organization") from error


def of_ids(organization_ids: list[str]) -> dict[str, Organization]:
    """Organizations by id."""
    found = OrganizationRecord.batch_get([keys.organization(each) for each in organization_ids])
    return {str(record.organization_id): record.contract() for record in found}


def _record(organization: Organization, owners: int) -> OrganizationRecord:
    return OrganizationRecord(
        *keys.organization(organization.organization_id),
        gsi1pk=keys.ORGANIZATIONS,
        gsi1sk=organization.organization_id,
        organization_id=organization.organization_id,
        name=organization.name,
        currency=organization.currency,
        slug=organization.slug,
        timezone=organization.timezone,
        logo_url=organization.logo_url,
        owners=owners,
        version=organization.version,
        created_ms=organization.created_ms,
    )


def _claim(organization: Organization) -> Put:
    free = SlugRecord.pk.does_not_exist() | (SlugRecord.organization_id == "")
    return Put(SlugRecord(*keys.slug(organization.slug), organization_id=organization.organization_id), free)


def _holder(slug: str) -> str:
    try:
        return str(SlugRecord.get(*keys.slug(slug), consistent_read=True).organization_id)
    except SlugRecord.DoesNotExist:
        return ""


def _checked(organization: Organization) -> Organization:
    """Raises InvalidError, which names the setting that cannot be."""
    slug = organization.slug or _slug_of(organization)
    if not _SLUG.fullmatch(slug):
        raise InvalidError("slug: 3 to 50 small letters, digits and hyphens, such as shop-berlin")
    if organization.logo_url and not _WEB.fullmatch(organization.logo_url):
        raise InvalidError("logo_url: must begin with https://")
    parse_timezone(organization.timezone)
    return replace(
        organization,
        name=checked_name(organization.name),
        currency=parse_currency(organization.currency),
        slug=slug,
    )


def _slug_of(organization: Organization) -> str:
    """From the name, made its own by the end of the id."""
    words = re.sub(r"[^a-z0-9]+", "-", organization.name.lower()).strip("-")[:36].rstrip("-")
    return f"{words or 'organization'}-{organization.organization_id[-8:].lower()}"


def _said(organization: Organization) -> Fields:
    return {field: getattr(organization, field) for field in _SAID}
