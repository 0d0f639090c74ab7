"""The command `optiq`. A command's module is imported when the command is called, so that each starts fast."""

import importlib

import click

from optiq_cli.options import connection_options

_OVER_HTTP = {
    "attribution": "attribution:attribution",
    "audit": "audit:audit",
    "billing": "billing:billing",
    "compare": "reports:compare",
    "completion": "completion:completion",
    "conversions": "conversions:conversions",
    "costs": "costs:costs",
    "credits": "credits:credits_",
    "deletion": "deletions:deletion",
    "explain": "conversions:explain",
    "org": "organizations:org",
    "recompute": "recompute:recompute",
    "report": "reports:report",
    "site": "sites:site",
    "status": "status:status",
    "token": "tokens:token",
    "unclaimed": "status:unclaimed",
    "user": "users:user",
}
_ON_THIS_MACHINE = {
    "attribute": "infra.local.cli_attribute:attribute",
    "backup": "infra.local.cli_backup:backup",
    "failed-batches": "infra.local.cli:failed_batches",
    "operator-key": "infra.local.cli_operator_key:operator_key",
    "rates": "infra.local.cli:rates",
    "restore": "infra.local.cli_backup:restore",
    "upgrade": "infra.local.cli_upgrade:upgrade",
    "up": "infra.local.cli:up",
}
"""They run the system or work on its folder, with the system's own code."""
_MODULES = {name: f"optiq_cli.commands.{path}" for name, path in _OVER_HTTP.items()} | _ON_THIS_MACHINE


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click passes it
        if cmd_name not in _MODULES:
            return None
        module, _, name = _MODULES[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in (("Commands for a running system", _OVER_HTTP), ("On this machine", _ON_THIS_MACHINE)):
            commands = [(name, self.get_command(ctx, name)) for name in sorted(names)]
            with formatter.section(title):
                formatter.write_dl([(name, each.get_short_help_str(90)) for name, each in commands if each])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="optiq")
@connection_options(hidden=False)
def main() -> None:
    """Optiq shows marketers which of their efforts earned their revenue.

    Commands talk to the system that runs on this machine, or to the one at --url. The options below also work after a
    command's name.
    """
