"""A running system, tabs of a headless Chromium, and a server that keeps what the tracker sends it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra.local.system import Running, running_system
from tests.browser.recorder import Recorder

PATIENCE_MS = 120_000
"""For what never comes; a busy machine does not reach it."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One system for all whose organizations share it: each start takes as much CPU as several of their tests.

    It may send messages to receivers on this machine.
    """
    home = tmp_path_factory.mktemp("home")
    with running_system(home, environment={"OPTIQ_WEBHOOK_NETWORKS": "127.0.0.0/8"}) as system:
        yield system


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor nobody has seen."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab in which no error may reach the page."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder
