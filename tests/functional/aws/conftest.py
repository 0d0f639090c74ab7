"""AWS as moto plays it, in this process."""

from collections.abc import Iterator

import pytest
from moto import mock_aws


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield
