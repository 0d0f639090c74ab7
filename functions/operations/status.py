"""GET /status, GET /status/{name}: the status page as it was written last, its data, and the public settings."""

import base64
import json
from hashlib import sha256

from optiq.kernel.errors import NotFoundError, OptiqError
from optiq.kernel.http import Event, Response, json_response, problem
from optiq.kernel.routes import answers
from optiq.operations.settings import api as settings
from optiq.operations.status import api as status

_DATA, _SETTINGS = "status.json", "settings.json"
_STYLE = base64.b64encode(sha256(status.STYLE.encode()).digest()).decode()
_HEADERS = {"cache-control": "public, max-age=30", "access-control-allow-origin": "*"}
_PAGE = {
    "content-type": "text/html; charset=utf-8",
    # The one style sheet is named by its hash; nothing else loads.
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{_STYLE}'",
}


@answers("GET /status", "GET /status/{name}", open_because="customers see whether the system works")
def handler(event: Event, _context: object) -> Response:
    name = (event.get("pathParameters") or {}).get("name")
    try:
        if name is None:
            return {"statusCode": 200, "headers": _HEADERS | _PAGE, "body": _file(status.PAGE)}
        if name == _DATA:
            return json_response(200, json.loads(_file(status.DATA)), _HEADERS)
        if name == _SETTINGS:
            public = {one.key: json.loads(one.value) for one in settings.list_settings(public=True)}
            return json_response(200, public, _HEADERS)
        raise NotFoundError(f"there is {_DATA} and {_SETTINGS} here")
    except OptiqError as error:
        return problem(error)


def _file(name: str) -> str:
    """Raises NotFoundError before the first minute."""
    found = status.read_file(name)
    if found is None:
        raise NotFoundError("the status page is not written yet: try again in a minute")
    return found.decode()
