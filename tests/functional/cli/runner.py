"""The command line called in this process, as its script calls it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result
from optiq_cli.main import main

NO_SETTINGS: Mapping[str, str | None] = dict.fromkeys(
    ("OPTIQ_URL", "OPTIQ_API_KEY", "OPTIQ_API_KEY_FILE", "OPTIQ_HOME")
)


def optiq(*arguments: str, stdin: str = "", **environment: str) -> Result:
    """What a command answers; `environment` beside no other setting of the command line."""
    settings = {**NO_SETTINGS, "COLUMNS": "200", **environment}
    return CliRunner().invoke(main, arguments, input=stdin, env=settings, prog_name="optiq")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the system of a folder."""

    home: Path

    def __call__(self, *arguments: str, stdin: str = "") -> Result:
        return optiq(*arguments, "--home", str(self.home), stdin=stdin)
