"""The HTTP client: JSON goes out and comes back, and every failure is one line that says what to do.

It follows no redirect, so a key never reaches another address than the one it was given for.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import click

if TYPE_CHECKING:
    # Imported when a request is made: most of what a start would cost.
    import urllib3

Document = dict[str, Any]
"""A JSON object that the API answers with; its shape is the one of /openapi.json."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 5, 120
_ATTEMPTS = 4
_LONGEST_WAIT_SECONDS = 60
_PAGE = 100
_HINTS = {
    401: "the key is unknown, revoked or expired: give another with --api-key-file or OPTIQ_API_KEY",
    413: "send less at once",
}


class ApiError(click.ClickException):
    """What the system answers instead of a result.

    Attributes:
        status: the HTTP status; 0 when no answer came.
        code: what programs tell the error by, such as NOT_FOUND; "" when the answer names none.
        detail: what is wrong, in words.
    """

    def __init__(self, message: str, *, status: int = 0, code: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.detail = detail


class Listed(NamedTuple):
    """Items of a list, and the cursor of what follows them; None at the end."""

    items: list[Document]
    cursor: str | int | None


class Client:
    """Args:
    url: of the system, without a slash at the end.
    key: gives the key for each request; "" for none.
    sleep: waits before a request is sent again.
    """

    def __init__(self, url: str, key: Callable[[], str], sleep: Callable[[float], None] = time.sleep) -> None:
        self.url = url
        self._key = key
        self._sleep = sleep
        self._pool: urllib3.PoolManager | None = None

    def close(self) -> None:
        if self._pool is not None:
            self._pool.clear()

    def get(self, path: str, **query: object) -> Document:
        """Query parameters that are None or empty are left out. Raises ApiError."""
        return self._document("GET", path, query, None)

    def post(self, path: str, body: object) -> Document:
        return self._document("POST", path, {}, body)

    def put(self, path: str, body: object) -> Document:
        return self._document("PUT", path, {}, body)

    def patch(self, path: str, body: object) -> Document:
        return self._document("PATCH", path, {}, body)

    def delete(self, path: str) -> None:
        self._send("DELETE", path, {}, None)

    def listed(self, path: str, limit: int, *, paged: bool = True, **query: object) -> Listed:
        """The first `limit` items of a list, over as many pages as it takes.

        Args:
            paged: whether the route takes `limit`.
        """
        items: list[Document] = []
        cursor: str | int | None = None
        while True:
            size = min(_PAGE, limit - len(items)) if paged else None
            page = self._document("GET", path, {**query, "limit": size, "cursor": cursor}, None)
            items += page["items"]
            cursor = page.get("cursor")
            if cursor is None or len(items) >= limit:
                return Listed(items[:limit], cursor)

    def _document(self, method: str, path: str, query: Mapping[str, object], body: object) -> Document:
        answer = self._send(method, path, query, body)
        found = _json(answer)
        if not isinstance(found, dict):
            raise self._no_json(answer)
        return found

    def _send(self, method: str, path: str, query: Mapping[str, object], body: object) -> "urllib3.BaseHTTPResponse":
        wanted = {name: value for name, value in query.items() if value not in (None, "")}
        address = f"{self.url}{path}{'?' if wanted else ''}{urlencode(wanted)}"
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._once(method, address, body)
            wait = _wait_seconds(answer, method)
            if wait is None or wait > _LONGEST_WAIT_SECONDS or attempt == _ATTEMPTS:
                break
            self._sleep(wait)
        if 200 <= answer.status < 300:
            return answer
        raise self._error(answer)

    def _once(self, method: str, address: str, body: object) -> "urllib3.BaseHTTPResponse":
        headers = {"accept": "application/json", "user-agent": "optiq-cli"}
        if key := self._key():
            headers["authorization"] = f"Bearer {key}"
        content = None
        if body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(body).encode()
        from urllib3 import PoolManager, Timeout
        from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
        from urllib3.exceptions import TimeoutError as TimedOut

        self._pool = self._pool or PoolManager(timeout=Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS))
        try:
            return self._pool.request(method, address, body=content, headers=headers, redirect=False, retries=False)
        except NewConnectionError as error:
            raise ApiError(f"{self.url} does not answer: check the address, and that the system runs") from error
        except SSLError as error:
            raise ApiError(f"{self.url}: no trusted certificate: {one_line(str(error))}") from error
        except TimedOut as error:
            raise ApiError(f"{self.url} took too long to answer{_unknown(method)}") from error
        except HTTPError as error:
            raise ApiError(f"{self.url} cut the connection{_unknown(method)}") from error

    def _error(self, answer: "urllib3.BaseHTTPResponse") -> ApiError:
        if 300 <= answer.status < 400:
            where = one_line(answer.headers.get("location", "another address"))
            return ApiError(f"{self.url} redirects to {where}: give that address with --url", status=answer.status)
        problem = _json(answer)
        if not isinstance(problem, dict):
            return self._no_json(answer)
        detail = str(problem.get("detail") or problem.get("title") or problem.get("message") or answer.reason or "")
        code = str(problem.get("code", ""))
        about = [code] if code else []
        if (kind := str(problem.get("type", "about:blank"))) != "about:blank":
            about.append(kind)
        if request_id := answer.headers.get("x-request-id"):
            about.append(f"request {request_id}")
        text = "; ".join(part for part in (detail, *_fields(problem, detail), _hint(answer, code)) if part)
        message = self._without_key(one_line(f"{text}{' (' + ', '.join(about) + ')' if about else ''}"))
        return ApiError(message, status=answer.status, code=code, detail=one_line(detail))

    def _no_json(self, answer: "urllib3.BaseHTTPResponse") -> ApiError:
        kind = one_line(answer.headers.get("content-type", "no content type")).partition(";")[0]
        phrase = f"{answer.status} {_phrase(answer.status)}".strip()
        hint = "try again later" if answer.status >= 500 else "check --url"
        message = f"{self.url} answers {phrase} with {kind}, which is no answer of Optiq's API: {hint}"
        return ApiError(message, status=answer.status)

    def _without_key(self, text: str) -> str:
        key = self._key()
        return text.replace(key, "…") if key else text


def segment(text: str) -> str:
    """A value as one segment of a path."""
    return quote(text, safe="")


def one_line(text: str) -> str:
    """The text without line breaks and what a terminal would take for a command."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _json(answer: "urllib3.BaseHTTPResponse") -> Any:
    """None for what is no JSON, and for no body."""
    try:
        return json.loads(answer.data)
    except ValueError:
        return None


def _wait_seconds(answer: "urllib3.BaseHTTPResponse", method: str) -> int | None:
    """After how long the same request may succeed; None when it is not to be sent again.

    What changes something is repeated only if it was refused before anything was done.
    """
    if answer.status != 429 and not (answer.status == 503 and method == "GET"):
        return None
    seconds = answer.headers.get("retry-after", "")
    return int(seconds) if seconds.isascii() and seconds.isdecimal() else None


def _fields(problem: Mapping[str, Any], detail: str) -> list[str]:
    """What is wrong with each field, where the detail does not say so."""
    fields = problem.get("fields")
    named = fields if isinstance(fields, list) else []
    lines = [f"{each.get('field')}: {each.get('message')}" for each in named if isinstance(each, dict)]
    return [line for line in lines if line not in detail]


def _hint(answer: "urllib3.BaseHTTPResponse", code: str) -> str:
    if answer.status == 403 and not code:
        # So API Gateway answers for the authorizer.
        return _HINTS[401]
    if answer.status == 429 and (seconds := answer.headers.get("retry-after")):
        return f"try again in {seconds} seconds"
    return _HINTS.get(answer.status, "")


def _unknown(method: str) -> str:
    return "; try again" if method == "GET" else "; it may have done it: look before you repeat it"


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
