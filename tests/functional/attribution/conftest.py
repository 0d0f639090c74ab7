"""A site in the table, and a story told in place of the journeys context."""

import pytest
from optiq.journeys import api as journeys
from optiq.tenancy import api as tenancy

from tests.functional.attribution.story import Story


@pytest.fixture
def story(table: object, monkeypatch: pytest.MonkeyPatch) -> Story:
    new_site = tenancy.create_site(name="Shop", domains=["shop.example.com"], timezone="Europe/Berlin")
    story = Story(new_site.site)
    for name in ("conversion_background", "conversion_paths", "get_conversion"):
        monkeypatch.setattr(journeys, name, getattr(story, name))
    return story
