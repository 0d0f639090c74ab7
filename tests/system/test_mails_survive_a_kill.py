"""The whole system, killed without warning while mails are asked for: each is sent, and with one text."""

import json
import os
import random
import signal
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from infra.local.system import Running, running_system
from tests.support.waiting import LIMIT_SECONDS

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(600)]
KILLS, MAILS_EACH = 3, 8


def _sign_up(running: Running, address: str) -> None:
    body = json.dumps({"email": address, "name": "Ann", "password": "correct horse battery staple"})
    request = urllib.request.Request(f"{running.url}/v1/sign-up", body.encode(), {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=LIMIT_SECONDS).close()


def _sign_up_until_killed(running: Running, moment: random.Random, addresses: list[str]) -> list[str]:
    """Those whose request was answered before the system was killed."""
    pid = os.fork()
    if pid == 0:
        time.sleep(moment.uniform(0.3, 2.5))
        os.kill(running.pid, signal.SIGKILL)
        os._exit(0)
    answered = []
    with suppress(OSError):
        for address in addresses:
            _sign_up(running, address)
            answered.append(address)
    os.waitpid(pid, 0)
    return answered


def _mailed(home: Path) -> list[str]:
    lines = [line for file in (home / "outbox").glob("*.eml") for line in file.read_text().splitlines()]
    return [line.removeprefix("To: ") for line in lines if line.startswith("To: ")]


def test_every_mail_that_was_asked_for_is_sent(tmp_path: Path) -> None:
    moment, answered = random.Random(11), list[str]()
    for kill in range(KILLS):
        with running_system(tmp_path) as running:
            addresses = [f"ann{kill}-{number}@shop.example" for number in range(MAILS_EACH)]
            answered += _sign_up_until_killed(running, moment, addresses)

    with running_system(tmp_path):
        # A claim that a killed subscriber left ends after two minutes.
        give_up = time.monotonic() + 300
        while not set(answered) <= set(_mailed(tmp_path)):
            assert time.monotonic() < give_up, sorted(set(answered) - set(_mailed(tmp_path)))
            time.sleep(0.5)

    assert answered
    assert len(_mailed(tmp_path)) == len(set(_mailed(tmp_path))), "a mail has one file, however often it was sent"
