"""What docs/sign-in.md tells people to run."""

from pathlib import Path

import pytest

from infra.local.system import Running
from tests.system.pages import run_page

pytestmark = [pytest.mark.system]


def test_the_examples_work_as_written(running: Running) -> None:
    printed = run_page(running, "sign-in.md", blocks=5)

    assert printed.count('"email":"ann@example.com"') == 3
    assert '"method":"SIGN_UP"' in printed
    assert '"two_factor":true' in printed
    assert '"prefix":"ok_' in printed
    assert '"organization_id":"org_' in printed
    assert '"preferences":{"date_format":"DMY","theme":"dark"' in printed
    # Nothing that was typed or given is left where anybody else may read it.
    assert "correct horse" not in printed
    outbox = running.home.path / "outbox"
    assert (outbox.stat().st_mode & 0o077, Path(next(outbox.glob("*.eml"))).stat().st_mode & 0o077) == (0, 0)
