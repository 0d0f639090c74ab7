"""A lake on each substrate, in place of this process's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from optiq.ports import wiring
from optiq.ports.aws_client import aws_client
from optiq.ports.lake import Lake
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_s3 import S3Lake


@pytest.fixture(params=["folder", "s3"])
def lake(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    if request.param == "folder":
        folder = FolderLake(str(tmp_path / "lake"))
        monkeypatch.setattr(wiring, "lake", lambda: folder)
        yield folder
        return
    with mock_aws():
        aws_client("s3").create_bucket(Bucket="optiq-lake")
        bucket = S3Lake("s3://optiq-lake/lake")
        monkeypatch.setattr(wiring, "lake", lambda: bucket)
        yield bucket


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderLake:
    lake = FolderLake(str(tmp_path / "lake"))
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    return lake
