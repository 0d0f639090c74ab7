"""Every route of the OpenAPI document, with requests made from it (schemathesis): never a failure of ours, and always
an answer the document tells of. OPTIQ_FUZZ_EXAMPLES says how hard to try.
"""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from infra.local.system import Running
from tests.support.examples import EXAMPLES, THOROUGH
from tests.support.waiting import LIMIT_SECONDS
from tests.system.sites import SiteKeys, create_site, ingest_counts

pytestmark = [pytest.mark.system, pytest.mark.timeout(3_600)]

_PHASES = "examples,coverage,fuzzing" if THOROUGH else "fuzzing"
_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
_SHORT_NAMES = r"^/v1/(t|p|s|i|g|a|b|import)$"


def test_no_request_makes_a_route_fail(running: Running, site: SiteKeys, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(_with_keys(_document(running), site)))

    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", document, "--url", running.url),
            *("--header", f"Authorization: Bearer {site.api_key}", "--checks", _CHECKS, "--phases", _PHASES),
            *("--max-examples", str(max(3, EXAMPLES // 20)), "--generation-database", "none", "--no-color"),
            *("--request-timeout", str(LIMIT_SECONDS)),
            *([] if THOROUGH else ["--exclude-path-regex", _SHORT_NAMES, "--seed", "1"]),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    # Nothing that was taken in stops what comes after it, on whatever shard.
    after = create_site(running.home.path)
    batch = [{"type": "track", "event": "Opened", "userId": f"u{number}"} for number in range(40)]
    _post(running, "/v1/batch", {"writeKey": after.write_key, "batch": batch})
    assert ingest_counts(running.url, after, 40)["stored"] == 40


def _document(running: Running) -> dict[str, Any]:
    with urllib.request.urlopen(f"{running.url}/openapi.json", timeout=120) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _with_keys(document: dict[str, Any], site: SiteKeys) -> dict[str, Any]:
    """The document with this site's id and keys in place of any: strangers' requests go no further than that."""
    known = {"site_id": site.site_id, "api_secret": site.write_key, "k": site.public_key}
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter.get("name") in known:
                    parameter["schema"] = {"const": known[parameter["name"]]}
            if {"write_key": []} in operation.get("security", []):
                del operation["security"]
                content = operation["requestBody"]["content"]["application/json"]
                key = {
                    "type": "object",
                    "required": ["writeKey"],
                    "properties": {"writeKey": {"const": site.write_key}},
                }
                content["schema"] = {"allOf": [content["schema"], key]}
    document["components"]["schemas"]["Beacon"]["properties"]["k"] = {"const": site.public_key}
    return document


def _post(running: Running, path: str, body: object) -> None:
    request = urllib.request.Request(running.url + path, data=json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 200
