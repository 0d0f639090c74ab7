"""docs/command-line.md, from the commands themselves."""

from collections.abc import Iterator

import click
from optiq_cli.main import main

_INTRO = """<!-- {"index": "Reference", "place": 10} -->
# The command line

`optiq` speaks HTTP to a running system: on this machine, or any other, on AWS as well.
It works from any folder. In a clone of the repository it is `.venv/bin/optiq`.

- **A system on this machine** is found by its folder: `--home`, `OPTIQ_HOME`, or else `.optiq` in a clone of the
  repository and `~/.optiq` elsewhere. You need no key: a user that may read the folder is [the operator](operators.md).
- **Any other system** is named with `--url` or `OPTIQ_URL`. Give a key with `--api-key-file`, `OPTIQ_API_KEY_FILE` or
  `OPTIQ_API_KEY`. `--api-key` works too, but other users of the machine see the key.

An API key opens its own organization. The operator's key opens every organization: commands find it by the site, or
take `--organization`. The audit log of the organization shows each such command.

Options win over the environment. `--json` prints the API's answer. Lists show 100 items; `--limit`
changes that. `optiq` never follows a redirect, so a key reaches no other address. After a `429`
with `Retry-After`, `optiq` waits up to a minute and tries again, three times.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the system rejects the request, does not answer, or is not healthy; standard error has the reason in one line |
| 2 | the command has wrong options |

This page is generated from the commands (`make docs`).
"""


def page() -> str:
    """The page's text."""
    return _INTRO + "".join(_section(names, command) for names, command in _commands(main, ("optiq",)))


def _commands(group: click.Group, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*names, name))
        elif command is not None:
            yield (*names, name), command


def _section(names: tuple[str, ...], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(names))
    usage = " ".join(command.collect_usage_pieces(context))
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    named = [each for each in command.params if isinstance(each, click.Option)]
    options = [record for each in named if (record := each.get_help_record(context))]
    rows = "".join(f"| `{_cell(flags)}` | {_cell(help_)} |\n" for flags, help_ in options)
    table = f"\n| option | |\n|---|---|\n{rows}" if rows else ""
    return f"\n## {' '.join(names)}\n\n```\n{' '.join(names)} {usage}\n```\n\n{text}\n{table}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
