"""Writes credits, metrics and rates into a lake folder, as their contexts would."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from optiq.ads.lake import AD_METRICS
from optiq.attribution.lake import CREDITS
from optiq.kernel.clock import from_rfc3339, to_rfc3339
from optiq.kernel.lake_tables import PLATFORM
from optiq.ports.lake_folder import FolderLake
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.ports.query_duckdb import DuckDBQuery
from optiq.rates.lake import RATES


@dataclass(frozen=True)
class Part:
    """A touch's share of a conversion; a path without a touch has one part, whose `touch_id` is empty."""

    channel: str
    weight: float
    credit_micros: int
    touch_id: str = "touch"


class TestLake:
    """A lake of one organization and site."""

    __test__ = False

    def __init__(self, root: Path, organization_id: str, site_id: str) -> None:
        self.lake = FolderLake(str(root))
        self.query = DuckDBQuery(str(root))
        self.organization_id = organization_id
        self.site_id = site_id

    def credit(
        self,
        conversion_id: str,
        at: str,
        parts: Sequence[Part],
        *,
        model: str = "LINEAR",
        currency: str = "EUR",
        value_micros: int | None = None,
        revision: int = 1,
        computed_ms: int = 0,
        site_id: str = "",
    ) -> list[dict[str, object]]:
        """The rows of one conversion and model; the value is the sum of its parts."""
        value = sum(part.credit_micros for part in parts) if value_micros is None else value_micros
        return [
            {
                "conversion_id": conversion_id,
                "site_id": site_id or self.site_id,
                "customer_id": "customer",
                "name": "Order Completed",
                "conversion_at": from_rfc3339(at),
                "touch_id": part.touch_id and f"{part.touch_id}-{position}",
                "position": position,
                "path_length": len(parts) if part.touch_id else 0,
                "channel": part.channel,
                "source": part.channel.lower(),
                "medium": "cpc",
                "campaign": "spring",
                "ad": "banner",
                "landing_page": f"/{part.channel}",
                f"{model.lower()}_weight": part.weight,
                f"{model.lower()}_micros": part.credit_micros,
                "value_micros": value,
                "currency": currency,
                "evidence": "DETERMINISTIC",
                "revision": revision,
                "computed_at": computed_ms,
            }
            for position, part in enumerate(parts)
        ]

    def write_credits(self, *conversions: Sequence[dict[str, object]], organization_id: str = "") -> None:
        days: dict[str, list[dict[str, object]]] = {}
        for row in (row for rows in conversions for row in rows):
            days.setdefault(to_rfc3339(int(str(row["conversion_at"])))[:10], []).append(row)
        for day, rows in days.items():
            owner = organization_id or self.organization_id
            self.lake.append("credits", owner, day, name_of("test", rows), arrow_table(CREDITS, rows))

    def write_metrics(self, *rows: dict[str, object]) -> None:
        for row in rows:
            whole = {"site_id": self.site_id, "medium": "cpc", "campaign": "spring", "revision": 1} | row
            name = name_of("test", [whole])
            self.lake.append(
                "ad_metrics", self.organization_id, str(row["day"]), name, arrow_table(AD_METRICS, [whole])
            )

    def write_rates(self, day: str, **rates: int) -> None:
        rows = [{"currency": code, "day": day, "rate_micros": rate, "revision": 1} for code, rate in rates.items()]
        self.lake.append("rates", PLATFORM, day, name_of("test", rows), arrow_table(RATES, rows))
