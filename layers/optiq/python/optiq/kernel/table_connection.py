"""The connection to the table, without what took half of a call's CPU."""

import os
from typing import Any

from botocore import UNSIGNED
from botocore.config import Config
from botocore.session import Session
from pynamodb.connection import Connection

from optiq.kernel.settings import settings

_ACCESS_KEY = "local"
"""What the local system is given for its embedded table, which takes any signature (docs/decisions/0025)."""
_ANY_SIGNATURE = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20000101/local/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "X-Amz-Date": "20000101T000000Z",
}


class LeanConnection(Connection):
    """Sends the same name of the client each time, and signs nothing for the embedded table."""

    def __init__(self, max_pool_connections: int) -> None:
        self._is_embedded = settings().substrate == "embedded" and os.environ.get("AWS_ACCESS_KEY_ID") == _ACCESS_KEY
        super().__init__(
            host=settings().table_endpoint or None,
            max_pool_connections=max_pool_connections,
            extra_headers=_ANY_SIGNATURE if self._is_embedded else None,
        )

    @property
    def session(self) -> Session:
        session = super().session
        # botocore would put its own name together twice for each call.
        session.set_default_client_config(Config(user_agent="optiq"))
        if self._is_embedded:
            session.register("choose-signer.dynamodb", _unsigned)
        return session


def _unsigned(**_: Any) -> Any:
    return UNSIGNED
