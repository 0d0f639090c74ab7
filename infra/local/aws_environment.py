"""Points a command at the system of an AWS account, by what its stacks tell in SSM (infra/aws/neighbours.py)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from infra.local.home import StartError

_VARIABLES = {"table": "OPTIQ_TABLE", "secret": "OPTIQ_SECRET", "stream": "OPTIQ_STREAM", "bus": "OPTIQ_BUS"}
_LAKE_PREFIX = "lake"


@contextmanager
def pointed_at_account() -> Iterator[None]:
    """The environment of this process, with what functions of the account's system have, for the block.

    To be entered before anything of `optiq` that reads its settings is imported.

    Raises:
        StartError: there are no credentials, or no system in this account and region.
    """
    found = _shared()
    if "table" not in found:
        raise StartError("there is no Optiq in this account and region: set AWS_PROFILE and AWS_REGION")
    given = {"OPTIQ_SUBSTRATE": "aws", "OPTIQ_LAKE": f"s3://{found['lake']}/{_LAKE_PREFIX}"}
    given |= {variable: found[name] for name, variable in _VARIABLES.items()}
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _shared() -> dict[str, str]:
    try:
        client = get_session().create_client("ssm")
        pages = client.get_paginator("get_parameters_by_path").paginate(Path="/optiq")
        parameters = [one for page in pages for one in page["Parameters"]]
    except (BotoCoreError, ClientError) as error:
        raise StartError(f"the account cannot be read: {error}") from error
    return {one["Name"].removeprefix("/optiq/"): one["Value"] for one in parameters}
