"""What docs/teams-and-workspaces.md tells people to run."""

import re

import pytest

from infra.local.system import Running
from tests.system.pages import run_page
from tests.system.sites import SiteKeys

pytestmark = [pytest.mark.system]


def test_somebody_is_invited_into_a_team_and_the_audit_log_says_so(running: Running, site: SiteKeys) -> None:
    known = {"API_KEY": site.api_key, "ORGANIZATION": site.organization_id, "SITE": site.site_id}

    printed = run_page(running, "teams-and-workspaces.md", blocks=5, environment=known)

    assert re.search(r'"workspace_id":"ws_\w+"', printed)
    assert '"group_role":"MEMBER","status":"OPEN"' in printed
    assert re.search(r'"role":"MANAGER","added_by":"key_\w+"', printed)
    assert re.findall(r'"action":"(team\.\w+)"', printed) == [
        "team.changed",
        "team.member_set",
        "team.member_set",
        "team.created",
    ]
    assert '"intact":true' in printed
