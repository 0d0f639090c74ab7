"""`optiq attribute`: a file of paths, attributed without a server."""

from pathlib import Path

import click

from infra.local.cli_options import one_line_errors

MODELS = (
    "FIRST_TOUCH",
    "LAST_TOUCH",
    "LAST_NON_DIRECT",
    "LINEAR",
    "TIME_DECAY",
    "POSITION_BASED",
    "W_SHAPED",
    "CUSTOM",
    "MARKOV",
    "SHAPLEY",
)
FORMATS = ("table", "csv", "json", "parquet")
WEIGHTS = click.Tuple([float, float, float])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("paths", metavar="[PATHS]", type=FILE, required=False)
@click.option("--touches", type=FILE, help="Parquet to join with --conversions, instead of PATHS.")
@click.option("--conversions", type=FILE, help="Parquet, in any order.")
@click.option("--window", type=click.IntRange(min=0), help="Days in which touches count.  [default: 90]")
@click.option(
    "--model",
    "models",
    multiple=True,
    type=click.Choice(MODELS, case_sensitive=False),
    help="Repeatable. [default: all possible]",
)
@click.option("--half-life", type=float, default=7.0, show_default=True, help="TIME_DECAY's, in days.")
@click.option("--custom", type=WEIGHTS, metavar="FIRST MIDDLE LAST", help="CUSTOM's weights, such as 0.5 0.2 0.3.")
@click.option("--custom-half-life", type=float, help="CUSTOM's, in days.  [default: none]")
@click.option("--order", type=click.IntRange(1, 3), default=1, show_default=True, help="MARKOV's.")
@click.option(
    "--resamples",
    type=click.IntRange(0, 10_000),
    default=200,
    show_default=True,
    help="Of the intervals of MARKOV and SHAPLEY; 0 leaves them out.",
)
@click.option("--by", metavar="COLUMN", help="What to credit of a Parquet file.  [default: channel]")
@click.option("--format", "form", type=click.Choice(FORMATS), help="[default: as --output ends, else table]")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@one_line_errors
def attribute(
    paths: Path | None,
    touches: Path | None,
    conversions: Path | None,
    window: int | None,
    models: tuple[str, ...],
    half_life: float,
    custom: tuple[float, float, float] | None,
    custom_half_life: float | None,
    order: int,
    resamples: int,
    by: str | None,
    form: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Attribute a file of paths under every model that it allows, without a server.

    CSV has a row an aggregated path: path (channels joined by ">", oldest first), total_conversions and
    total_conversion_value; optional: total_null, how often the path did not convert (MARKOV needs it), and times, the
    days from each touch to the conversion, joined like the path (TIME_DECAY needs it).

    Parquet, of any size, has a row a touch, sorted by path_id, then touch_at (or age_seconds, falling); conversions (0:
    the path did not convert) and, optionally, value; and columns to credit, such as channel.

    Or give --touches (Parquet: customer_id, touch_at, columns to credit) and --conversions (Parquet: customer_id,
    converted_at and, optionally, value), in any order.
    """
    from optiq.attribution import api as attribution
    from optiq.attribution.contracts import CustomWeights, Model, ModelParameters

    from infra.local.attribution_output import written

    if custom_half_life is not None and custom is None:
        raise click.UsageError("--custom-half-life needs --custom")
    form = form or ("json" if as_json else _form_of(output))
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output: a file to write to")
    weights = CustomWeights(*custom, custom_half_life) if custom else None
    parameters = ModelParameters(half_life, weights)
    chosen = [Model(name) for name in models]
    parquet = paths is None or paths.suffix.lower() == ".parquet"
    if parquet and order != 1:
        raise click.UsageError("--order: must be 1 for Parquet")
    if touches and conversions and not paths:
        found = attribution.attribute_raw(touches, conversions, chosen, by or "channel", parameters, window)
    elif not paths or touches or conversions or window is not None:
        raise click.UsageError("give PATHS, or --touches and --conversions; --window needs these two")
    elif parquet:
        found = attribution.attribute_parquet(paths, chosen, by or "channel", parameters)
    elif by is not None:
        raise click.UsageError("--by needs Parquet")
    else:
        found = attribution.attribute_file(paths, chosen, parameters, order, resamples)
    content = written(found, form)
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error


def _form_of(output: Path | None) -> str:
    ending = output.suffix[1:].lower() if output else ""
    return ending if ending in FORMATS else "table"
