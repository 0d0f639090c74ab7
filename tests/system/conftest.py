"""One running system for the tests that only send to it; each makes a site of its own."""

from collections.abc import Iterator

import pytest

from infra.local.system import Running, running_system
from tests.system.sites import SiteKeys, create_site


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_system(tmp_path_factory.mktemp("home")) as system:
        yield system


@pytest.fixture
def site(running: Running) -> SiteKeys:
    return create_site(running.home.path)
