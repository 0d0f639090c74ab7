import pytest
from optiq.alerts.sweeping import counted_hours, reading
from types_boto3_dynamodb import DynamoDBClient

from tests.functional.alerts.watching import Watched
from tests.functional.tenancy.organizations import Company


@pytest.fixture(scope="module")
def company(table: DynamoDBClient) -> Company:
    return Company()


@pytest.fixture
def watched(company: Company, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A site with eight weeks of 100 conversions on workdays and 60 on weekends."""
    found = Watched(company)
    found.history(8, conversions=(100, 60))
    monkeypatch.setattr(reading, "measure", found.measure)
    monkeypatch.setattr(counted_hours, "ask", found.ask)
    return found
