"""Destinations: what may be set, how secrets are kept, and that a copy gets there."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from optiq.audit import api as audit
from optiq.kernel.caller import Caller
from optiq.kernel.clock import HOUR_MS, system_clock
from optiq.kernel.errors import InvalidError, UpstreamError, VersionError
from optiq.kernel.ids import new_id
from optiq.kernel.settings import settings
from optiq.ports import aws_client
from optiq.ports.bucket_s3 import Keys, Place, S3Bucket, keys_of_role
from optiq.tenancy import api as tenancy
from optiq.tenancy.contracts import Site
from optiq.warehouse import api as warehouse
from optiq.warehouse import copying, destinations, manifest, records
from optiq.warehouse.contracts import Copied, DestinationChange
from types_boto3_dynamodb import DynamoDBClient

from functions.warehouse.routes import handler
from tests.functional.reports.http import answer, request
from tests.functional.reports.lake import TestLake
from tests.functional.warehouse.conftest import order
from tests.functional.warehouse.store import Store

pytestmark = pytest.mark.usefixtures("table")
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def minio(store: Store, **more: Any) -> DestinationChange:
    change: Any = {
        "kind": "S3",
        "bucket": "shop-warehouse",
        "prefix": "optiq/",
        "region": "us-east-1",
        "endpoint": store.url,
        "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret_access_key": SECRET,
        "active": True,
    }
    found: DestinationChange = change | more
    return found


@pytest.fixture
def all_sites(organization_id: str, site_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep sees this organization alone."""
    site = Site(organization_id, site_id, "Shop", ("shop.example",), "UTC", "EUR")
    monkeypatch.setattr(tenancy, "all_sites", lambda: [site])


def run(now_ms: int | None = None) -> Any:
    return warehouse.copy_due(clock=lambda: system_clock() if now_ms is None else now_ms, stop=lambda: False)


def test_a_lake_is_copied_to_a_store_like_s3(lake: TestLake, store: Store, ada: Caller, all_sites: None) -> None:
    warehouse.set_destination(ada, minio(store))
    warehouse.test_destination(ada)
    assert store.objects == {}

    assert run().done == 1
    names = sorted(name.removeprefix("/shop-warehouse/optiq/credits/") for name in store.objects)
    assert [name for name in names if name == "_manifest.json"]
    assert len([name for name in names if name.startswith("day=")]) == 3
    assert store.keys == {"AKIAIOSFODNN7EXAMPLE"}
    last = warehouse.last_copy(ada)
    assert (last.status, last.days, last.rows, last.reason) == ("DONE", 3, 3, "")


def test_a_lake_is_copied_to_a_folder_of_its_organization(
    lake: TestLake, folder: Path, ada: Caller, organization_id: str, all_sites: None
) -> None:
    warehouse.set_destination(ada, {"kind": "FOLDER", "active": True})
    warehouse.test_destination(ada)
    run()

    assert (folder / organization_id / "credits" / "_manifest.json").exists()
    assert [path.name for path in folder.iterdir()] == [organization_id]


def test_the_secret_is_kept_sealed_and_shown_nowhere(
    table: DynamoDBClient, store: Store, ada: Caller, organization_id: str
) -> None:
    warehouse.set_destination(ada, minio(store))
    changed = warehouse.set_destination(ada, minio(store, secret_access_key="another-secret-of-the-key"))
    key = {"pk": {"S": f"ORG#{organization_id}"}, "sk": {"S": "WAREHOUSE"}}
    stored = table.get_item(TableName=settings().table, Key=key)["Item"]
    status, shown = answer(handler(request("/v1/warehouse", organization_id), None))
    entries = [entry.change for entry in audit.entries(organization_id).items]

    for text in (str(stored), json.dumps(shown), str(entries), repr(changed)):
        assert SECRET not in text
        assert "another-secret" not in text
    assert (status, shown["has_secret"], shown["external_id"]) == (200, True, organization_id)
    assert "sealed_secret" not in shown
    # The log says that it is another one.
    assert entries[0].before.keys() == {"secret"}
    assert destinations.bucket_of(changed)


def test_a_secret_opens_in_its_own_organization_alone(store: Store, ada: Caller) -> None:
    ours = warehouse.set_destination(ada, minio(store))
    moved = replace(ours, organization_id=new_id("org", 1))

    with pytest.raises(UpstreamError, match="the secret cannot be read"):
        destinations.bucket_of(moved)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bucket": ""}, "bucket: "),
        ({"bucket": "../etc"}, "bucket: "),
        ({"prefix": "../"}, "prefix: "),
        ({"prefix": "/etc/"}, "prefix: "),
        ({"prefix": "a"}, "prefix: "),
        ({"region": "us-east-1.evil.example/"}, "region: "),
        ({"endpoint": "http://169.254.169.254"}, "endpoint: is not one"),
        ({"endpoint": "http://127.0.0.1:1"}, "endpoint: is not one"),
        ({"endpoint": "https://minio.example.evil.example"}, "endpoint: is not one"),
        ({"access_key_id": ""}, "access_key_id: "),
        ({"secret_access_key": ""}, "secret_access_key: "),
        ({"secret_access_key": "two\nlines"}, "secret_access_key: "),
        ({"role_arn": "arn:aws:iam::123456789012:role/OptiqWarehouse"}, "role_arn: "),
        ({"role_arn": "arn:aws:iam::123456789012:role/Admin", "endpoint": ""}, "role_arn: "),
    ],
)
def test_a_destination_that_cannot_be_is_refused(store: Store, ada: Caller, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        warehouse.set_destination(ada, minio(store, **change))

    assert str(refused.value).startswith(field)
    assert warehouse.get_destination(ada).version == 0


def test_keys_are_not_sent_to_another_place_than_they_were_given_for(store: Store, ada: Caller) -> None:
    warehouse.set_destination(ada, minio(store))
    with pytest.raises(InvalidError, match=r"^secret_access_key: give it again"):
        warehouse.set_destination(ada, {"endpoint": "https://minio.example"})
    with pytest.raises(InvalidError, match=r"^secret_access_key: give it again"):
        warehouse.set_destination(ada, {"bucket": "another-bucket"})
    assert warehouse.set_destination(ada, {"prefix": "other/"}).prefix == "other/"


def test_a_folder_is_refused_where_the_operator_has_none(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    without = replace(settings(), warehouse_folder="")
    monkeypatch.setattr(destinations, "settings", lambda: without)
    with pytest.raises(InvalidError, match=r"^kind: "):
        warehouse.set_destination(ada, {"kind": "FOLDER"})


def test_a_change_of_another_version_is_refused(ada: Caller) -> None:
    warehouse.set_destination(ada, {"kind": "FOLDER"}, expected_version=0)
    with pytest.raises(VersionError):
        warehouse.set_destination(ada, {"active": True}, expected_version=0)


def test_a_destination_that_refuses_says_why(lake: TestLake, store: Store, ada: Caller, all_sites: None) -> None:
    warehouse.set_destination(ada, minio(store))
    store.refuses = "AccessDenied"
    with pytest.raises(InvalidError, match=r"does not work: _optiq_test could not be written: AccessDenied$"):
        warehouse.test_destination(ada)
    assert run().failed == 1
    last = warehouse.last_copy(ada)
    assert last.status == "FAILED"
    assert "AccessDenied" in last.reason

    store.refuses = ""
    assert run().done == 1
    assert warehouse.last_copy(ada).reason == ""


def test_a_lake_is_copied_once_a_day_and_by_one_run_at_a_time(
    lake: TestLake, store: Store, ada: Caller, organization_id: str, all_sites: None
) -> None:
    warehouse.set_destination(ada, minio(store))
    now_ms = system_clock()
    assert records.begin(organization_id, now_ms, now_ms + HOUR_MS)
    assert (run(now_ms).done, store.objects) == (0, {})
    # The run that had it has died.
    assert run(now_ms + HOUR_MS).done == 1
    order(lake, 5)
    assert run(now_ms + 20 * HOUR_MS) == run(now_ms + 20 * HOUR_MS)
    assert len([name for name in store.objects if "day=" in name]) == 3
    assert run(now_ms + 21 * HOUR_MS).done == 1
    assert len([name for name in store.objects if "day=" in name]) == 4


def test_nothing_is_copied_that_rests_or_was_never_set(
    lake: TestLake, store: Store, ada: Caller, all_sites: None
) -> None:
    assert run().done == 0
    with pytest.raises(InvalidError, match="set the destination first"):
        warehouse.test_destination(ada)
    warehouse.set_destination(ada, minio(store, active=False))
    assert (run().done, store.objects) == (0, {})


def test_a_role_of_another_account_is_taken_on_for_the_organization() -> None:
    with mock_aws():
        aws_client.aws_client("s3").create_bucket(Bucket="shop-warehouse")
        keys = keys_of_role("arn:aws:iam::123456789012:role/OptiqWarehouse", "org_1")
        bucket = S3Bucket(Place("shop-warehouse", "optiq/", "us-east-1"), keys)
        assert keys.token
        assert bucket.read("a", 9) is None
        bucket.write("a", b"1")
        assert bucket.read("a", 9) == b"1"
        bucket.remove("a")
        bucket.remove("a")
        assert bucket.read("a", 9) is None
        with pytest.raises(UpstreamError, match="NoSuchBucket"):
            S3Bucket(Place("nobodys", "", "us-east-1"), Keys("a", "b")).write("a", b"1")


def test_the_destination_over_http(store: Store, organization_id: str) -> None:
    def ask(method: str, path: str = "", body: object = None) -> tuple[int, dict[str, Any]]:
        text = "" if body is None else json.dumps(body)
        return answer(handler(request(f"/v1/warehouse{path}", organization_id, method=method, body=text), None))

    status, empty = ask("GET")
    assert (status, empty["version"], empty["active"], empty["last_copy"]["status"]) == (200, 0, False, "NEVER")
    status, changed = ask("PATCH", body=minio(store))
    assert (status, changed["version"], changed["has_secret"]) == (200, 1, True)
    assert ask("PATCH", body={"active": False})[1]["bucket"] == "shop-warehouse"
    assert ask("POST", "/test") == (200, {"works": True})
    store.refuses = "AccessDenied"
    assert ask("POST", "/test")[0] == 400
    assert ask("PATCH", body={"sealed_secret": "x"})[0] == 400


def test_a_file_of_any_size_that_somebody_puts_there_is_not_read_whole(
    lake: TestLake, store: Store, ada: Caller, all_sites: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "MOST_BYTES", 1_000)
    warehouse.set_destination(ada, minio(store))
    store.objects["/shop-warehouse/optiq/credits/_manifest.json"] = b" " * 1_001

    assert run().failed == 1
    assert "credits/_manifest.json has more than 1,000 bytes" in warehouse.last_copy(ada).reason


def test_a_lake_that_takes_all_the_time_has_the_others_before_it_next_time(
    lake: TestLake, folder: Path, ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN two organizations, of which the first by its id never gets ready
    first, second = "org_00000000000000000000000000", ada.organization_id
    monkeypatch.setattr(
        tenancy,
        "all_sites",
        lambda: [Site(one, f"site_{one}", "Shop", ("shop.example",), "UTC", "EUR") for one in (first, second)],
    )
    for one in (first, second):
        warehouse.set_destination(replace(ada, organization_id=one), {"kind": "FOLDER", "active": True})
    begun: list[str] = []

    def takes_all(_bucket: object, organization_id: str, _clock: object, **_: object) -> Copied:
        begun.append(organization_id)
        return Copied(left=organization_id == first)

    monkeypatch.setattr(copying, "copy_lake", takes_all)
    begin_ms = system_clock()

    # WHEN each run has time for one
    for number in range(3):
        now_ms = begin_ms + number * HOUR_MS
        warehouse.copy_due(clock=lambda at=now_ms: at, stop=lambda most=number: len(begun) > most)

    # THEN the second has its turn
    assert begun == [first, second, first]
