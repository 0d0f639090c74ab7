"""The environment every test process has: the embedded substrate in a temporary folder, no AWS account.

It is set when this file is imported, before any test module imports `optiq`, because the table's records read
their settings when they are defined.
"""

import atexit
import gc
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.browsers import browser, chromium, playwright
from tests.support.cpu import Cpu
from tests.support.examples import use_profile
from tests.support.spilled_secrets import Spills

# Fixtures of the whole run.
__all__ = ["browser", "chromium", "playwright"]


def _free_port() -> int:
    """A port that no connection of anybody takes meanwhile: the system gives those numbers above 32,767."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("there is no free port between 20,000 and 32,000")


def _scratch() -> str | None:
    """Memory, where there is plenty: every write is synced, which takes a disk longer than all else takes."""
    memory = Path("/dev/shm")
    plenty = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return str(memory) if plenty else None


ROOT = Path(__file__).parent.parent
HOME = Path(tempfile.mkdtemp(prefix="optiq-tests-", dir=_scratch()))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
(HOME / "secret.key").write_bytes(secrets.token_bytes(32))
TEMPORARY = tempfile.mkdtemp(prefix="optiq-tests-tmp-", dir=_scratch())
"""Where tests have their folders, and where browsers and other processes have what they keep for a while."""
atexit.register(shutil.rmtree, TEMPORARY, ignore_errors=True)

os.environ.update(
    PYTEST_DEBUG_TEMPROOT=TEMPORARY,
    TMPDIR=TEMPORARY,
    OPTIQ_SUBSTRATE="embedded",
    OPTIQ_TABLE="optiq-test",
    OPTIQ_TABLE_ENDPOINT=f"http://127.0.0.1:{_free_port()}",
    OPTIQ_STREAM=str(HOME / "stream.sqlite"),
    OPTIQ_BUS=str(HOME / "events.sqlite"),
    OPTIQ_LAKE=str(HOME / "lake"),
    OPTIQ_LIMITS=str(HOME / "edge" / "limits.json"),
    OPTIQ_STATUS=str(HOME / "status"),
    OPTIQ_SECRET=str(HOME / "secret.key"),
    OPTIQ_MAIL_CARRIER=str(HOME / "outbox"),
    OPTIQ_WAREHOUSE_FOLDER=str(HOME / "warehouse"),
    # Two tests take what production takes (tests/unit/identity/test_passwords.py).
    OPTIQ_PASSWORD_MEMORY_KIB="64",
    OPTIQ_RECOMPUTE_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "attribution_recompute.asl.json"),
    OPTIQ_PRIVACY_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "privacy_request.asl.json"),
    OPTIQ_AD_SYNC_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "ad_sync.asl.json"),
    OPTIQ_ALERT_SWEEP_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "alert_sweep.asl.json"),
    OPTIQ_FEEDBACK_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "conversion_feedback.asl.json"),
    OPTIQ_DELETION_MACHINE=str(Path(__file__).parent.parent / "statemachines" / "deletion.asl.json"),
    AWS_ACCESS_KEY_ID="local",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    # The CDK's own runtime warns of any Node it was not tested with; the README says which we need.
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION="true",
    POWERTOOLS_SERVICE_NAME="optiq",
    POWERTOOLS_TRACE_DISABLED="true",
)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes go by their argument and place: what is in them (a moment, say) may differ between processes that share the
    tests, which then could not agree on their names."""
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cpu", action="store_true", help="say which contexts the CPU went to")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Spills(HOME), "spilled-secrets")
    if config.getoption("--cpu"):
        config.pluginmanager.register(Cpu())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: to look through it for garbage, meanwhile and while tests run, took a tenth
    of a worker's CPU. Of what tests make it is looked as seldom as in a running system."""
    from optiq.kernel.collecting import look_seldom

    gc.disable()
    look_seldom()
    try:
        return (yield)
    finally:
        gc.freeze()
        # What ends with the process is given back, as some libraries demand.
        atexit.register(gc.unfreeze)
        gc.enable()


use_profile()
