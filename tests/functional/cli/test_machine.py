"""How the command line finds the system that runs on this machine."""

import fcntl
import os
import stat
from pathlib import Path

import click
import pytest
from optiq.kernel import operator_key
from optiq.kernel.clock import system_clock
from optiq_cli import machine

from infra.local.home import ROOT, Home


def test_home_is_the_clones_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    assert machine.home_at(None) == ROOT / ".optiq"
    assert machine.home_at("there") == tmp_path / "there"


def test_system_runs_while_its_folder_is_locked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not machine.is_running(tmp_path)
    with home.lock():
        home.update_run(url="http://localhost:1")
        assert machine.is_running(tmp_path)
        assert machine.running_url(tmp_path) == "http://localhost:1"

    assert not machine.is_running(tmp_path)
    with pytest.raises(click.ClickException, match="no Optiq runs in"):
        machine.running_url(tmp_path)


def test_two_commands_that_look_do_not_take_each_other_for_a_system(tmp_path: Path) -> None:
    with Home(tmp_path).lock():
        pass
    descriptor = os.open(tmp_path / "lock", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        assert not machine.is_running(tmp_path)
    finally:
        os.close(descriptor)


def test_key_is_signed_with_the_folders_secret_and_ends_soon(tmp_path: Path) -> None:
    secret = os.urandom(32)
    (tmp_path / "secret.key").write_bytes(secret)

    key = operator_key.read(secret, machine.operator_key(tmp_path), system_clock())

    assert key.organization_id == ""
    assert key.expires_s * 1_000 - system_clock() <= 600_000


def test_secret_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"secret\.key: No such file .*; give an API key") as raised:
        machine.operator_key(tmp_path)
    assert "\n" not in raised.value.message


def test_folder_of_a_system_is_its_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.lock():
        home.update_run(url="http://localhost:1")

    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
