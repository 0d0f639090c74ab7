"""Where an organization's lake may be copied to.

A destination is reached from inside the operator's network, so an address that is not AWS's own must be one that the
operator allows; and a folder lies below the operator's, under the organization's id.
"""

import base64
import re
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidTag

from optiq.kernel.errors import InvalidError, UpstreamError
from optiq.kernel.sealing import seal, unseal
from optiq.kernel.settings import settings
from optiq.ports.bucket import Bucket
from optiq.warehouse.contracts import Destination, DestinationChange

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"([A-Za-z0-9][A-Za-z0-9_=-]{0,63}/){0,8}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}")
_ROLE = re.compile(r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/OptiqWarehouse[A-Za-z0-9_+=,.@-]{0,50}")
_ACCESS_KEY = re.compile(r"[A-Za-z0-9._-]{3,128}")
_LONGEST_SECRET = 200
_PURPOSE = "warehouse"


def changed(before: Destination, changes: DestinationChange) -> Destination:
    """The destination with the changes, its secret sealed. Raises InvalidError; the message begins with the field."""
    given = dict(changes)
    secret = given.pop("secret_access_key", None)
    after = replace(before, **given)  # type: ignore[arg-type]  # mypy does not see the keys of a dict
    if secret is not None:
        after = replace(after, sealed_secret=_sealed(before.organization_id, str(secret)))
    if (after.endpoint, after.bucket) != (before.endpoint, before.bucket) and secret is None and before.sealed_secret:
        raise InvalidError("secret_access_key: give it again for another endpoint or bucket")
    _check(after)
    return after


def bucket_of(destination: Destination) -> Bucket:
    """Raises UpstreamError when it cannot be reached."""
    # Imported late: who sets a destination need not load botocore's S3.
    if destination.kind == "FOLDER":
        from optiq.ports.bucket_folder import FolderBucket

        return FolderBucket(Path(settings().warehouse_folder) / destination.organization_id / destination.prefix)
    from optiq.ports.bucket_s3 import Keys, Place, S3Bucket, keys_of_role

    place = Place(destination.bucket, destination.prefix, destination.region, destination.endpoint)
    if destination.role_arn:
        return S3Bucket(place, keys_of_role(destination.role_arn, destination.organization_id))
    return S3Bucket(place, Keys(destination.access_key_id, _secret(destination)))


def _check(destination: Destination) -> None:
    if not _PREFIX.fullmatch(destination.prefix):
        raise InvalidError('prefix: must be empty or such as "optiq/shop/", of letters, digits, - _ and =')
    if destination.kind == "FOLDER":
        if not settings().warehouse_folder:
            raise InvalidError("kind: there is no folder here; use S3")
        return
    if not _BUCKET.fullmatch(destination.bucket):
        raise InvalidError('bucket: must be the name of a bucket such as "shop-warehouse"')
    if not _REGION.fullmatch(destination.region):
        raise InvalidError('region: must be a region such as "eu-central-1"; for a store like S3 use "us-east-1"')
    if destination.endpoint and destination.endpoint not in settings().warehouse_endpoints.split():
        raise InvalidError("endpoint: is not one that the operator of this Optiq allows (OPTIQ_WAREHOUSE_ENDPOINTS)")
    _check_keys(destination)


def _check_keys(destination: Destination) -> None:
    if destination.role_arn:
        if destination.endpoint or not _ROLE.fullmatch(destination.role_arn):
            raise InvalidError(
                "role_arn: must be a role of AWS whose name begins with OptiqWarehouse, such as"
                " arn:aws:iam::123456789012:role/OptiqWarehouse"
            )
        if destination.access_key_id:
            raise InvalidError("access_key_id: leave it out: the role has keys of its own")
        return
    if not _ACCESS_KEY.fullmatch(destination.access_key_id):
        raise InvalidError("access_key_id: name the access key, or a role_arn instead")
    if not destination.sealed_secret:
        raise InvalidError("secret_access_key: give the secret of the access key")


def _sealed(organization_id: str, secret: str) -> str:
    if not 1 <= len(secret) <= _LONGEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise InvalidError(f"secret_access_key: must have 1 to {_LONGEST_SECRET} letters, digits and signs")
    return base64.b64encode(seal(secret.encode(), organization_id, _PURPOSE, organization_id)).decode()


def _secret(destination: Destination) -> str:
    organization_id = destination.organization_id
    try:
        sealed = base64.b64decode(destination.sealed_secret)
        return unseal(sealed, organization_id, _PURPOSE, organization_id).decode()
    except InvalidTag as error:
        raise UpstreamError("the secret cannot be read: give it again", retryable=False) from error
