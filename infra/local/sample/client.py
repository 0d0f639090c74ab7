"""The system's HTTP API, for the sample: waits when a request is over a limit."""

import base64
import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from optiq.kernel.errors import UpstreamError


class Client:
    """Asks the system; raises UpstreamError for an error's answer."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)

    def get(self, path: str, headers: Mapping[str, str]) -> Any:
        return self._ask("GET", path, headers, None)

    def post(self, path: str, headers: Mapping[str, str], body: object) -> Any:
        return self._ask("POST", path, headers, json.dumps(body))

    def put(self, path: str, headers: Mapping[str, str], body: object) -> Any:
        return self._ask("PUT", path, headers, json.dumps(body))

    def patch(self, path: str, headers: Mapping[str, str], body: object) -> Any:
        return self._ask("PATCH", path, headers, json.dumps(body))

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: str | None) -> Any:
        headers = {"content-type": "application/json", **headers}
        while True:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read()
            # The gateway ends connections that are idle, and there are long pauses; the next request opens another.
            self._connection.close()
            if answer.status != 429:
                break
            time.sleep(int(answer.headers["retry-after"]))
        if answer.status >= 300:
            raise UpstreamError(f"{method} {path} answered {answer.status}: {text.decode()[:300]}", retryable=False)
        return json.loads(text)


def bearer(api_key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {api_key}"}


def basic(write_key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{write_key}:".encode()).decode()}
