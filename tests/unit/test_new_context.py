"""The scaffold of a context: what it writes is ready to be checked in."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.new_context import files_of

ROOT = Path(__file__).parents[2]


def test_files_of_writes_code_that_passes_the_linter(tmp_path: Path) -> None:
    for path, text in files_of("coupons", "coupon").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    ruff = [sys.executable, "-m", "ruff", "check", "--config", ROOT / "pyproject.toml"]

    # Imports sort by the context's name: the Makefile has them sorted afterwards.
    done = subprocess.run(
        [*ruff, "--ignore", "I001,S101,INP001,ARG001", tmp_path], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_files_of_writes_nothing_of_the_template_under_another_name() -> None:
    files = files_of("studies", "study")

    assert not [path for path, text in files.items() if "coupon" in f"{path}{text}".lower()]
    assert 'STUDIES"' in files["layers/optiq/python/optiq/studies/api.py"]
    assert "class Study:" in files["layers/optiq/python/optiq/studies/contracts.py"]


def test_files_of_writes_a_page_that_imports_what_the_console_shares() -> None:
    page = files_of("studies", "study")["console/pages/studies/studies.tsx"]

    imports = re.findall(r"import \{ (.+) \} from '\.\./\.\./shared/(\S+)';", page)
    assert len(imports) > 3
    for names, module in imports:
        (shared,) = (ROOT / "console" / "shared").glob(f"{module}.ts*")
        exported = set(re.findall(r"export (?:async )?(?:function|const|class) (\w+)", shared.read_text("utf-8")))
        assert set(names.split(", ")) <= exported, module


def test_files_of_writes_a_page_that_the_console_can_build(tmp_path: Path) -> None:
    if shutil.which("node") is None or not (ROOT / "node_modules/esbuild").exists():
        pytest.skip("Node.js and esbuild are not installed")
    shutil.copytree(ROOT / "console", tmp_path / "console")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    page = "console/pages/studies/studies.tsx"
    (tmp_path / page).parent.mkdir()
    (tmp_path / page).write_text(files_of("studies", "study")[page], encoding="utf-8")

    subprocess.run(["node", tmp_path / "console/build.mjs", tmp_path / "served"], check=True, timeout=120)

    (script,) = (tmp_path / "served").glob("studies-*.js")
    assert "/v1/studies" in script.read_text(encoding="utf-8")


def test_files_of_writes_no_file_that_contexts_share() -> None:
    assert all("/coupons/" in path or path == "docs/coupons.md" for path in files_of("coupons", "coupon"))


@pytest.mark.parametrize("name", ["", "Coupons", "my-coupons", "my_coupons", "1st", "c", "../x", "x" * 32])
def test_files_of_refuses_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="must have 3 to 31 small letters and digits"):
        files_of(name, "coupon")
