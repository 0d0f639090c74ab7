"""The command line, thin over the same code as the handlers. Each command imports what it needs when it runs."""

import json
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import click

if TYPE_CHECKING:
    from infra.local.system import Running

P = ParamSpec("P")

MODELS = ("FIRST_TOUCH", "LAST_TOUCH", "LAST_NON_DIRECT", "LINEAR", "TIME_DECAY", "POSITION_BASED")
DIMENSIONS = ("channel", "source", "medium", "campaign", "landing_page")

home_option = click.option(
    "--home", envvar="OPTIQ_HOME", default=".optiq", show_default=True, help="Folder that holds all data. [OPTIQ_HOME]"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turns the errors we raise on purpose into one line and exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        from optiq.kernel.errors import OptiqError

        from infra.local.home import StartError

        try:
            command(*args, **kwargs)
        except (OptiqError, StartError) as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="optiq")
def main() -> None:
    """Optiq tells marketers which of their efforts earned their revenue."""


@main.command()
@click.option("--port", envvar="PORT", type=click.IntRange(0, 65535), default=8080, show_default=True, help="[PORT]")
@home_option
@click.option(
    "--sample/--no-sample", envvar="SAMPLE", default=True, show_default=True, help="Load sample data once. [SAMPLE]"
)
@one_line_errors
def up(port: int, home: str, sample: bool) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from infra.local.home import home_at
    from infra.local.system import serve

    def ready(running: "Running") -> None:
        click.echo(f"Optiq answers at {running.url}; its data is in {running.home.path}. Ctrl-C ends it.")
        if sample:
            from infra.local.sample import load

            load(running.url, running.home.path)

    serve(home_at(home), port, ready)


@main.group()
def site() -> None:
    """Sites: what is tracked."""


@site.command("create")
@click.option("--name", required=True, help="What people call the site.")
@click.option("--domain", required=True, help="Where its pages are, such as shop.example.com.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA timezone of its days.")
@click.option("--currency", default="EUR", show_default=True, help="Reporting currency of a new organization.")
@click.option("--conversion", "conversions", multiple=True, help="An event that is a conversion; may be repeated.")
@home_option
@json_option
@one_line_errors
def create(
    name: str, domain: str, timezone: str, currency: str, conversions: tuple[str, ...], home: str, as_json: bool
) -> None:
    """Create a site, with its keys. They are shown this once."""
    from infra.local.system import attach

    with attach(home):
        from optiq.tenancy import api as tenancy

        created = tenancy.create_site(
            name=name, domain=domain, timezone=timezone, currency=currency, conversions=conversions
        )
        _print_fields(created, as_json)


def _print_fields(fields: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(fields))
        return
    width = max(map(len, fields))
    for name, value in fields.items():
        click.echo(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    main()
