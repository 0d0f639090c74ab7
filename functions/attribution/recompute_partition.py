"""Task of statemachines/attribution_recompute.asl.json: a partition → {"conversions", "changed", "damaged_files"}."""

from dataclasses import asdict
from typing import Any

from optiq.attribution import api
from optiq.attribution.recomputing.contracts import Partition


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    lists = {name: tuple(event[name]) for name in ("days", "stamps")}
    return asdict(api.recompute_partition(Partition(**event | lists)))
