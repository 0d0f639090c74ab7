"""The walls between the rooms: who may import what."""

import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
OPEN_TO_ALL = {"kernel", "ports", "store"}
DOORS = {"api", "contracts", "lake", "privacy"}
"""Who reads the lake reads the tables of others: they are contracts too. The manifest tells the frame."""


@lru_cache(maxsize=1)
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("optiq", "functions", "infra", cache_dir=None)


def _context(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "optiq" and len(parts) > 1 else ""


def _is_entered_by(module: str) -> bool:
    name = module.rpartition(".")[2]
    return name in DOORS or name.endswith("_contracts")


def test_a_context_is_entered_only_through_its_api_and_its_contracts() -> None:
    graph = _graph()
    trespasses = [
        f"{importer} -> {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if _context(imported) not in {"", _context(importer), *OPEN_TO_ALL} and not _is_entered_by(imported)
    ]

    assert not trespasses


def test_only_records_and_their_base_touch_the_table() -> None:
    graph = _graph()
    importers = {module for module in graph.modules if module.startswith("optiq.") and _mentions(module, "pynamodb")}

    assert importers == {m for m in importers if m.endswith(".records") or m in TABLE}


def test_nothing_but_records_names_a_client_of_the_table() -> None:
    sources = [*(ROOT / "layers" / "optiq" / "python").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    naming = {
        str(path.relative_to(ROOT))
        for path in sources
        if re.search(
            r"(from|import) pynamodb|[\"']dynamodb[\"'](?! in record|\])|execute_statement|TransactWrite",
            path.read_text(encoding="utf-8"),
        )
    }

    assert {path for path in naming if not path.endswith("/records.py")} == {
        "layers/optiq/python/optiq/kernel/table.py",
        "layers/optiq/python/optiq/kernel/table_connection.py",
        "layers/optiq/python/optiq/kernel/table_ending.py",
        "layers/optiq/python/optiq/kernel/table_read.py",
    }


def _mentions(module: str, package: str) -> bool:
    path = ROOT / "layers" / "optiq" / "python" / Path(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    return f"import {package}" in (text := source.read_text()) or f"from {package}" in text


TABLE = {"optiq.kernel.table", "optiq.kernel.table_connection", "optiq.kernel.table_ending"}
HEAVY = {"pynamodb", "pyarrow", "numpy", "duckdb", "sqlglot", "aws_lambda_powertools"}
SIGN_IN = {"argon2", "pyotp", "segno", "authlib", "joserfc", "requests", "cryptography"}


def test_what_checks_servers_tokens_loads_nothing_of_people() -> None:
    script = "import sys, functions.collect.segment; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert not [name for name in loaded.stdout.split() if name.startswith("optiq.identity.people")]


@pytest.mark.parametrize(
    ("handler", "kept_out"),
    [
        ("functions.collect.beacon", HEAVY),
        ("functions.collect.pixel", HEAVY),
        ("functions.collect.script", HEAVY | {"boto3", "pydantic"}),
        ("functions.collect.segment", HEAVY - {"pynamodb"}),
        ("functions.collect.measurement", HEAVY - {"pynamodb"}),
        ("functions.gateway.health", HEAVY | {"boto3", "pydantic"}),
        ("functions.console.pages", HEAVY | {"boto3", "pydantic"}),
        ("functions.identity.authorizer", (HEAVY | SIGN_IN) - {"pynamodb"}),
        ("functions.identity.sign_in", SIGN_IN | {"pyarrow", "numpy", "duckdb"}),
        ("functions.identity.routes", SIGN_IN | {"pyarrow", "numpy", "duckdb"}),
        ("functions.tenancy.routes", SIGN_IN | {"pyarrow", "numpy", "duckdb"}),
        ("functions.collect.routes", {"pyarrow", "numpy", "duckdb"}),
        ("functions.journeys.on_events", {"duckdb", "sqlglot", "aws_lambda_powertools"}),
        ("functions.attribution.on_conversions", {"duckdb", "sqlglot", "aws_lambda_powertools"}),
    ],
)
def test_a_handler_imports_nothing_heavy_that_it_does_not_need(handler: str, kept_out: set[str]) -> None:
    script = f"import sys, {handler}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert not kept_out & set(loaded.stdout.split())
