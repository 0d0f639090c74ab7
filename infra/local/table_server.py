"""The table's server over a folder, and what keeps everybody else from the table."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local import intact, table_access
from infra.local.children import Child, Preparation
from infra.local.home import Home, StartError
from infra.local.table import binary, ensure_own_table, free_port
from infra.local.table_elsewhere import prepare, table_elsewhere


@contextmanager
def running_table(home: Home) -> Iterator[tuple[Child | None, Mapping[str, str]]]:
    """Runs the table's server over a folder that is new or whole; gives it and the environment that points at it.

    There is no server where the environment names a table elsewhere.
    """
    elsewhere = table_elsewhere(os.environ)
    intact.check(home, own_table=elsewhere is None)
    if elsewhere is None:
        with _own_server(home) as (server, environment):
            yield server, environment
        return
    prepare(elsewhere)
    home.update_run(table_protected=False)
    environment = home.environment(elsewhere.endpoint) | elsewhere.environment | key_variable(home, protected=False)
    table_access.sign_connections(environment)
    try:
        yield None, environment
    finally:
        intact.note(home)


@contextmanager
def _own_server(home: Home) -> Iterator[tuple[Child, Mapping[str, str]]]:
    port = free_port()
    command = [str(binary()), "serve", "--port", str(port), "--db-path", str(home.table_file)]
    environment, preparation = _access(home, port)
    server = Child("table's server", command, {}, home.path / "table.log", preparation)
    server.start()
    try:
        try:
            ensure_own_table(environment["OPTIQ_TABLE_ENDPOINT"], lambda: server.failed)
        except StartError as error:
            raise StartError(f"{error}: {_last_line(home.path / 'table.log')}") from error
        yield server, environment
    finally:
        # It would wait for our own idle connections; ended hard it loses nothing, its file being a journalled one.
        server.stop(1.0)
        intact.note(home)


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"{log} ends with '{lines[-1][:200]}'" if lines else f"{log} is empty"


def _access(home: Home, port: int) -> tuple[dict[str, str], Preparation | None]:
    """The environment that points at the table, and what keeps everybody else from it."""
    environment = home.environment(f"http://127.0.0.1:{port}")
    home.table_key_file.unlink(missing_ok=True)
    protected = table_access.can_protect()
    if protected:
        table_access.new_key(home.table_key_file)
    environment |= key_variable(home, protected=protected)
    home.update_run(table_protected=protected)
    table_access.sign_connections(environment)
    if not protected:
        return environment, None
    return environment, table_access.Protection(port, home.table_key_file.read_bytes())


def key_variable(home: Home, *, protected: bool) -> dict[str, str]:
    """The variable of the environment that names the file of the table's key; empty where nothing protects it."""
    return {table_access.KEY_VARIABLE: str(home.table_key_file) if protected else ""}
