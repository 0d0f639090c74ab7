"""What the gateway's process must not pay for."""

import subprocess
import sys


def test_the_gateway_imports_neither_interpreter_nor_columnar_libraries() -> None:
    heavy = "{'moto', 'duckdb', 'pyarrow', 'numpy', 'pandas'}"
    code = f"import sys, infra.local.system, infra.local.gateway; print(sorted({heavy} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout == "[]\n"
