"""The case scripts beside the repository, run as they are against one system, a fresh site each."""

import os
import re
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.home import ROOT
from infra.local.system import Running
from tests.system.sites import create_site

pytestmark = [pytest.mark.slow, pytest.mark.system]

CASES = ROOT.parent / "shared" / "cases"
_AT_ONCE = 4
_INSTANT = re.compile(r" \d{4}-\d\d-\d\dT[\d:.]+Z")
_PAID = "['google / cpc = Paid Search']"
_EMAIL = "['nl / email = Email']"
_NEWSLETTER = "['newsletter / email = Email']"


def _sold(value: float, path: str = "[]", currency: str = "EUR") -> str:
    return f"conversion {value} {currency} {path}"


def _stored(stored: int, duplicates: int = 0) -> str:
    counts = {"accepted": stored + duplicates, "stored": stored, "duplicates": duplicates, "failed": 0}
    return f"ingest: {counts}"


def _report(of: str, total: str, earned: Mapping[str, float]) -> str:
    return f"report {of}: total {total} EUR {earned}"


EXPECTED = {
    "01-thank-you-page-reloaded": [
        _stored(4),
        *(_sold(value, "['(direct) / (none) = Direct']") for value in (10.0, 49.9)),
        _report("", "2 59.9", {"Direct": 59.9}),
    ],
    "03-transaction-id-of-two-buyers": [
        _stored(6),
        *[_sold(10.0)] * 3,
        *[_sold(20.0)] * 3,
        _report("", "6 90.0", {"No tracked visit": 90.0}),
    ],
    "04-events-of-one-instant": [
        _stored(60),
        *(_sold(float(value), _EMAIL) for value in range(1, 11)),
        *(_sold(float(value), _PAID) for value in range(11, 21)),
        *(_report(m, "20 210.0", {"Paid Search": 155.0, "Email": 55.0}) for m in ("LAST_TOUCH", "FIRST_TOUCH")),
    ],
    "05-order-with-a-machines-user-agent": [
        _stored(12),
        *(_sold(float(value), _EMAIL) for value in range(1, 7)),
        _report("", "6 21.0", {"Email": 21.0}),
    ],
    "07-empty-array-for-empty-object": [
        _stored(7),
        *(_sold(value) for value in (0.0, 0.0, 10.0, 11.0, 12.0, 13.0)),
    ],
    "08-empty-campaign": [
        _stored(9),
        *(_sold(value) for value in (1.0, 2.0, 3.0)),
        *(_sold(value, _NEWSLETTER) for value in (4.0, 5.0, 6.0)),
        _report("LAST_TOUCH", "6 21.0", {"Email": 15.0, "No tracked visit": 6.0}),
    ],
    "10-purchase-later-in-the-same-session": [
        _stored(6),
        *(_sold(value, _PAID) for value in (1.0, 2.0, 3.0)),
        _report("LAST_TOUCH", "3 6.0", {"Paid Search": 6.0}),
    ],
    "11-utm-names-in-capitals": [
        _stored(6),
        *(_sold(value, "['Google / CPC = Paid Search']") for value in (1.0, 2.0, 3.0)),
    ],
    "12-long-utm-value": [
        _stored(3),
        _sold(10.0, _EMAIL),
        _sold(20.0, "['nl / (not set) = Unassigned']"),
    ],
    "13-utm-behind-the-hash": [_stored(6), *(_sold(value, _NEWSLETTER) for value in (1.0, 2.0, 3.0))],
    "14-ipv4-in-ipv6-form": [_stored(2), "customers: 2"],
    "17-refund-without-currency": [_stored(4), _sold(60.0, currency="USD"), _sold(60.0)],
    "18-order-cancelled": [_stored(2), _sold(0.0)],
    "23-same-price-spelt-otherwise": [_stored(1, duplicates=3), _sold(175.0)],
    "24-tag-manager-and-other-headers": [
        "access-control-allow-headers: authorization, content-type, anonymousid",
        "//v1/batch 200",
        "/v1/batch/ 200",
    ],
}


@pytest.fixture(scope="module")
def printed(running: Running) -> Mapping[str, str]:
    """What each script prints. Most of their time is sleep, so several run at once."""
    if not CASES.is_dir():
        pytest.skip(f"the case scripts are not there: {CASES}")
    folders = sorted(path for path in CASES.iterdir() if path.is_dir())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outputs = pool.map(lambda folder: _run(folder, running), folders)
        return {folder.name: output for folder, output in zip(folders, outputs, strict=True)}


def _run(folder: Path, running: Running) -> str:
    site = create_site(running.home.path, timezone="Europe/Berlin")
    environment = os.environ | {
        "OPTIQ": running.url,
        "SITE": site.site_id,
        "PUBLIC_KEY": site.public_key,
        "WRITE_KEY": site.write_key,
        "API_KEY": site.api_key,
    }
    command = ["bash", str(folder / "run.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True).stdout


def test_every_case_has_its_expected_output(printed: Mapping[str, str]) -> None:
    assert printed.keys() == EXPECTED.keys()


@pytest.mark.parametrize("case", EXPECTED)
def test_a_case_prints_the_right_values(printed: Mapping[str, str], case: str) -> None:
    kinds = ("ingest:", "conversion ", "report ", "customers:", "failed:", "access-control", "//", "/v1")
    lines = [_INSTANT.sub("", line).strip() for line in printed[case].splitlines() if line.startswith(kinds)]
    # Orders of one value stand in no order of their own.
    assert sorted(lines) == sorted(EXPECTED[case])
