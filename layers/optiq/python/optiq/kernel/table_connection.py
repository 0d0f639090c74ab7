"""The connection to the table, without what took half of a call's CPU."""

from typing import Any

from botocore import UNSIGNED
from botocore.config import Config
from botocore.session import Session
from pynamodb.connection import Connection

from optiq.kernel.settings import settings


def _any_signature() -> dict[str, str]:
    """The embedded table takes any (docs/decisions/0025). Emulators look for the table in the region that it names."""
    region = Session().get_config_variable("region") or "local"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=optiq/20000101/{region}/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "X-Amz-Date": "20000101T000000Z",
    }


class LeanConnection(Connection):
    """Sends the same name of the client each time, and signs nothing for the embedded table."""

    def __init__(self, max_pool_connections: int) -> None:
        self._is_embedded = settings().substrate == "embedded"
        super().__init__(
            host=settings().table_endpoint or None,
            max_pool_connections=max_pool_connections,
            extra_headers=_any_signature() if self._is_embedded else None,
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
