"""What docs/people-and-permissions.md tells people to run."""

import re

import pytest

from infra.local.system import Running
from tests.system.pages import run_page

pytestmark = [pytest.mark.system]


def test_a_person_invites_a_viewer_who_reads_and_changes_nothing(running: Running) -> None:
    printed = run_page(running, "people-and-permissions.md", blocks=6)

    assert '"role":"VIEWER","team_id":null,"workspace_id":null,"group_role":null,"status":"OPEN"' in printed
    assert '"totals"' in printed
    refused = re.findall(r'"status":403,[^{}]*"detail":"([^"]*)"', printed)
    assert [re.findall("'(.*)'", said) for said in refused] == [["sites:write"], ["members:invite"]]
    assert '"grants":[{"what":"sites:write","expires_at":null}]' in printed
