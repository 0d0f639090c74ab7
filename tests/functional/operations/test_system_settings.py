"""Settings of the system: versioned, some public, known to functions soon."""

import json
from collections.abc import Iterator

import pytest
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.errors import InvalidError, NotFoundError, VersionError
from optiq.kernel.lake_tables import PLATFORM
from optiq.operations.settings import api as settings
from optiq.operations.settings.contracts import KNOWN

from functions.operations import status as page

STAFF = Caller.system(PLATFORM)


@pytest.fixture(autouse=True)
def _afresh(table: object) -> Iterator[None]:
    """Settings as they are by default, before and after."""
    for key, known in KNOWN.items():
        settings.change_setting(STAFF, key, {"value": known.default, "is_public": known.is_public})
    settings._cache.clear()
    yield
    settings._cache.clear()


def _public() -> dict[str, object]:
    found: dict[str, object] = json.loads(page.handler({"pathParameters": {"name": "settings.json"}}, None)["body"])
    return found


def test_the_public_route_shows_public_settings_alone() -> None:
    settings.change_setting(STAFF, "status.notice", {"value": "We work on Sunday."})
    assert _public() == {"status.notice": "We work on Sunday."}
    settings.change_setting(STAFF, "status.notice", {"is_public": False})
    assert _public() == {}


def test_a_change_is_a_version_and_in_the_audit_log() -> None:
    before = settings.versions_of("errors.per_second")[0]
    after = settings.change_setting(STAFF, "errors.per_second", {"value": 25}, expected=before.number)

    first, second, *_ = settings.versions_of("errors.per_second")
    assert (first, second) == (after, before)
    assert int(after.number) == int(before.number) + 1
    (entry,) = audit.entries_of_entity(PLATFORM, after.key, limit=1).items
    assert (entry.change.action, entry.change.after) == ("system_setting.changed", {"value": "25"})
    with pytest.raises(VersionError):
        settings.change_setting(STAFF, "errors.per_second", {"value": 30}, expected=before.number)


def test_functions_know_of_a_change_within_30_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 0.0
    monkeypatch.setattr(settings, "_cache", type(settings._cache)(1, settings.CACHE_SECONDS, timer=lambda: seconds))
    assert settings.number_of("errors.per_second") == 10
    settings.change_setting(STAFF, "errors.per_second", {"value": 25})
    seconds = 30.0

    assert settings.number_of("errors.per_second") == 25


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("errors.per_second", "many", "must be a whole number from 1 to 10000"),
        ("errors.per_second", 0, "must be a whole number from 1 to 10000"),
        ("errors.per_second", True, "must be a whole number from 1 to 10000"),
        ("status.notice", 7, "must be a text of at most 500 characters"),
    ],
)
def test_a_value_that_cannot_be_says_what_can(key: str, value: object, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        settings.change_setting(STAFF, key, {"value": value})


def test_a_setting_that_no_function_reads_is_not_found() -> None:
    with pytest.raises(NotFoundError, match=r"there is no setting 'x'; there are errors\.burst"):
        settings.change_setting(STAFF, "x", {"value": 1})
