"""One run of one rival over a path-sorted Parquet file: `python rival_runs.py RUN FILE`, in the rivals' environment.

Prints one JSON object: the CPU seconds of the models alone. Loading the file and bringing it into the form that the
library takes is not counted, in its favour.
"""

import json
import sys
import time
from collections.abc import Callable

import polars as pl


def _journeys(file: str) -> pl.DataFrame:
    """Each path once, in the library's own form: names and hours to the last touch as lists."""
    columns = ["path_id", "touch_at", "campaign", "conversions", "value"]
    touches = pl.scan_parquet(file).select(columns)
    hours = (pl.col("touch_at").last() - pl.col("touch_at")).dt.total_milliseconds() / 3_600_000
    return (
        touches.group_by("path_id", maintain_order=True)
        .agg(
            pl.col("campaign").cast(pl.Utf8).alias("channels"),
            hours.alias("time_till_conv"),
            pl.col("conversions").first() > 0,
            pl.col("value").first().cast(pl.Float64),
        )
        .collect()
    )


def _mam(file: str, *models: str) -> Callable[[], object]:
    from mam import MAM

    journeys = _journeys(file).with_columns(pl.col("channels").cast(pl.List(pl.Categorical)))
    mam = MAM.__new__(MAM)
    mam.verbose, mam.sep, mam.conversion_value_colname = False, " > ", "value"
    mam.unified_df = journeys.select(
        pl.col("path_id").cast(pl.Utf8).alias("journey_id"),
        "channels",
        "time_till_conv",
        pl.col("conversions").alias("has_conversion"),
        pl.lit(1, dtype=pl.Int64).alias("weight"),
        pl.when(pl.col("conversions")).then(pl.col("value")).otherwise(0.0).alias("conversion_value"),
    )
    return lambda: [getattr(mam, f"run_{model}")() for model in models]


def _channel_attribution(file: str, markov: bool) -> Callable[[], object]:
    import ChannelAttribution

    journeys = _journeys(file).select(
        pl.col("channels").list.join(" > ").alias("path"),
        pl.col("conversions").cast(pl.Int64).alias("conversions"),
        (~pl.col("conversions")).cast(pl.Int64).alias("nulls"),
        "value",
    )
    data = journeys.to_pandas()
    shared = {"var_value": "value", "sep": ">", "flg_pro": False}
    if markov:
        options = {"var_null": "nulls", "ncore": 1, "verbose": False, "conv_par": 0.05}
        return lambda: ChannelAttribution.markov_model(data, "path", "conversions", **shared, **options)
    return lambda: ChannelAttribution.heuristic_models(data, "path", "conversions", **shared)


HEURISTICS = ("first_click", "last_click", "linear", "position_based", "time_decay")
RUNS: dict[str, Callable[[str], Callable[[], object]]] = {
    "mam_heuristics": lambda file: _mam(file, *HEURISTICS),
    "mam_markov": lambda file: _mam(file, "markov"),
    "mam_shapley": lambda file: _mam(file, "shapley"),
    "channel_attribution_heuristics": lambda file: _channel_attribution(file, markov=False),
    "channel_attribution_markov": lambda file: _channel_attribution(file, markov=True),
}


def main() -> None:
    work = RUNS[sys.argv[1]](sys.argv[2])
    begun = time.process_time()
    work()
    print(json.dumps({"seconds": time.process_time() - begun}))


if __name__ == "__main__":
    main()
