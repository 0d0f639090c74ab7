"""A browser before the gateway: it keeps cookies and says where its requests come from."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

from infra.local.gateway import Gateway
from tests.functional.identity.people import FIREFOX, new_client

HOST = "optiq.example"


class Answer:
    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = [(name.decode(), value.decode()) for name, value in messages[0]["headers"]]
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def cookies(self) -> list[str]:
        return [value for name, value in self.headers if name == "set-cookie"]

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    def json(self) -> Any:
        return json.loads(self.body)


class Browser:
    """Each is in a network of its own; `headers` go along with every request, None in place of the usual ones."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._ip = new_client().ip
        self.jar: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: object = None, **headers: str | None) -> Answer:
        sent: list[dict[str, Any]] = []
        raw = b"" if body is None else json.dumps(body).encode()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        said = {"host": HOST, "user-agent": FIREFOX, "origin": f"https://{HOST}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if self.jar:
            said.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.jar.items()))
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "http_version": "1.1",
            "client": (self._ip, 1),
            "headers": [(name.encode(), value.encode()) for name, value in said.items() if value is not None],
        }
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self._gateway(scope, receive, send)).result()
        answer = Answer(sent)
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        for cookie in answer.cookies:
            for name, morsel in SimpleCookie(cookie).items():
                if morsel["max-age"] == "0":
                    self.jar.pop(name, None)
                else:
                    self.jar[name] = morsel.value
