"""Whose errors a report has: a project is a site, or Optiq itself. Its key is signed, so that nothing is looked up.

Official clients of Sentry take a key of letters, digits and `_`, and a number for the project
(develop.sentry.dev/sdk/foundations/transport/authentication).
"""

import hmac
from dataclasses import dataclass
from functools import lru_cache

from optiq.kernel.errors import UnauthenticatedError
from optiq.kernel.ids import decode_ulid, encode_ulid
from optiq.kernel.lake_tables import PLATFORM
from optiq.kernel.secrets import derive

_NOTHING = bytes(16)
_TAG_BYTES = 10
_NUMBER_BYTES = 5
_WRONG = "unknown key for errors: take the address (DSN) from the site's page of errors"


@dataclass(frozen=True, slots=True)
class Project:
    """
    Attributes:
        organization_id: PLATFORM for Optiq itself; then `site_id` is "".
    """

    organization_id: str
    site_id: str = ""


OWN = Project(PLATFORM)


def key_of(secret: bytes, project: Project) -> str:
    """The key that reports of the project carry. It is public, and good for reports only."""
    return _payload(project).hex() + _derived(secret, "error-key", project)[:_TAG_BYTES].hex()


def number_of(secret: bytes, project: Project) -> int:
    """The number that stands for the project in addresses."""
    return 1 + int.from_bytes(_derived(secret, "error-project", project)[:_NUMBER_BYTES], "big")


def address_of(secret: bytes, project: Project, url: str) -> str:
    """The DSN, as clients of Sentry take it; `url` is where people reach the API."""
    scheme, _, host = url.partition("://")
    return f"{scheme}://{key_of(secret, project)}@{host}/{number_of(secret, project)}"


@lru_cache(maxsize=1_024)
def project_of(secret: bytes, key: str, number: str) -> Project:
    """The project that a report names. Raises UnauthenticatedError for a key or number that is not ours."""
    try:
        payload = bytes.fromhex(key)[:-_TAG_BYTES]
    except ValueError as error:
        raise UnauthenticatedError(_WRONG) from error
    if len(payload) != 2 * len(_NOTHING):
        raise UnauthenticatedError(_WRONG)
    organization, site = payload[:16], payload[16:]
    project = (
        OWN if payload == 2 * _NOTHING else Project(f"org_{encode_ulid(organization)}", f"site_{encode_ulid(site)}")
    )
    # Comparing whole keys also refuses a second spelling of the same bytes.
    if not hmac.compare_digest(key.encode(), key_of(secret, project).encode()):
        raise UnauthenticatedError(_WRONG)
    if number != str(number_of(secret, project)):
        raise UnauthenticatedError("the project in the address is not the key's: take the whole address (DSN)")
    return project


def _payload(project: Project) -> bytes:
    if project == OWN:
        return 2 * _NOTHING
    return decode_ulid(project.organization_id.removeprefix("org_")) + decode_ulid(
        project.site_id.removeprefix("site_")
    )


def _derived(secret: bytes, purpose: str, project: Project) -> bytes:
    return derive(secret, purpose, project.organization_id, project.site_id)
