"""Every route of the OpenAPI document, with requests made from it (schemathesis): never a failure of ours, and always
an answer the document tells of. OPTIQ_FUZZ_EXAMPLES says how hard to try.
"""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from optiq_cli import machine

from infra.local.system import Running
from tests.system.sites import SiteKeys, create_site, ingest_counts

pytestmark = [pytest.mark.system, pytest.mark.timeout(3_600)]

_EXAMPLES = int(os.environ.get("OPTIQ_FUZZ_EXAMPLES", "50"))
_THOROUGH = _EXAMPLES > 50
_PHASES = "examples,coverage,fuzzing" if _THOROUGH else "fuzzing"
_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
_SHORT_NAMES = r"^/v1/(t|p|s|i|g|a|b|import)$"


def test_no_request_makes_a_route_fail(running: Running, site: SiteKeys, tmp_path: Path) -> None:
    some = () if _THOROUGH else ("--exclude-path-regex", _SHORT_NAMES)
    _fuzz(running, site, tmp_path, site.api_key, *some)

    # Nothing that was taken in stops what comes after it, on whatever shard.
    after = create_site(running.home.path)
    batch = [{"type": "track", "event": "Opened", "userId": f"u{number}"} for number in range(40)]
    _post(running, "/v1/batch", {"writeKey": after.write_key, "batch": batch})
    assert ingest_counts(running.url, after, 40)["stored"] == 40


def test_no_request_makes_a_route_of_the_operator_fail(running: Running, site: SiteKeys, tmp_path: Path) -> None:
    key = machine.operator_key(running.home.path)
    _fuzz(running, site, tmp_path, key, "--include-path-regex", "^/v1/operator/")


def _fuzz(running: Running, site: SiteKeys, folder: Path, key: str, *options: str) -> None:
    """Asks the routes with a key, and fails by what they answer."""
    document = folder / "openapi.json"
    document.write_text(json.dumps(_with_keys(_document(running), site)))
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", document, "--url", running.url),
            *("--header", f"Authorization: Bearer {key}", "--checks", _CHECKS, "--phases", _PHASES),
            *("--max-examples", str(max(3, _EXAMPLES // 20)), "--generation-database", "none", "--no-color"),
            *([] if _THOROUGH else ["--seed", "1"]),
            *options,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _document(running: Running) -> dict[str, Any]:
    with urllib.request.urlopen(f"{running.url}/openapi.json", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _with_keys(document: dict[str, Any], site: SiteKeys) -> dict[str, Any]:
    """The document with this site's id and keys in place of any: strangers' requests go no further than that."""
    known = {"site_id": site.site_id, "api_secret": site.write_key, "k": site.public_key}
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in known:
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
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
