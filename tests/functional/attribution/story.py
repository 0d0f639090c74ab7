"""A small world for attribution: customers' touches and conversions, as the journeys context would tell them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from optiq.attribution import api
from optiq.attribution.lake import CREDITS
from optiq.journeys.contracts import (
    Background,
    Conversion,
    ConversionPath,
    ConversionRef,
    Touch,
)
from optiq.journeys.lake import CONVERSIONS, TOUCHES
from optiq.journeys.lake_rows import conversion_row, touch_row
from optiq.kernel.clock import DAY_MS, from_rfc3339, to_rfc3339
from optiq.kernel.errors import NotFoundError
from optiq.kernel.ids import id_from, id_in_order
from optiq.kernel.lake_tables import latest_rows
from optiq.kernel.settings import settings
from optiq.ports import wiring
from optiq.ports.lake_rows import arrow_table, name_of
from optiq.tenancy.contracts import Site

NOON_MS = from_rfc3339("2026-03-10T12:00:00Z")


@dataclass
class Story:
    """What happened on one site; stands in for `optiq.journeys.api`."""

    site: Site
    touches: dict[str, list[Touch]] = field(default_factory=lambda: defaultdict(list))
    conversions: dict[str, Conversion] = field(default_factory=dict)

    def touch(self, customer_id: str, days_before: float, channel: str, **details: Any) -> Touch:
        occurred_ms = NOON_MS - int(days_before * DAY_MS)
        number = len(self.touches[customer_id])
        touch = Touch(
            touch_id=id_in_order("touch", occurred_ms, 0, 0, self.site.site_id, customer_id, channel, str(number)),
            session_id=id_from("session", occurred_ms, customer_id),
            occurred_ms=occurred_ms,
            touch_type="LANDING",
            channel=channel,
            source=channel.lower(),
            medium="test",
            campaign="spring",
            term="",
            content="",
            click_ids=(),
            landing_page="/",
            referrer_domain="",
        )
        self.touches[customer_id].append(replace(touch, **details))
        return self.touches[customer_id][-1]

    def conversion(self, customer_id: str, days_before: float = 0, **details: Any) -> Conversion:
        occurred_ms = NOON_MS - int(days_before * DAY_MS)
        conversion = Conversion(
            organization_id=self.site.organization_id,
            site_id=self.site.site_id,
            customer_id=customer_id,
            conversion_id=id_in_order("conversion", occurred_ms, 0, 0, self.site.site_id, customer_id),
            event_id=f"event-of-{customer_id}",
            name="Order Completed",
            occurred_ms=occurred_ms,
            value_micros=10_000_001,
            currency="EUR",
            revision=1,
        )
        conversion = replace(conversion, **details)
        self.conversions[conversion.conversion_id] = conversion
        return conversion

    def revise(self, conversion: Conversion, **details: Any) -> Conversion:
        revised = replace(conversion, revision=conversion.revision + 1, **details)
        self.conversions[conversion.conversion_id] = revised
        return revised

    # What journeys answers.

    def conversion_paths(
        self, organization_id: str, site_id: str, conversion_ids: Sequence[str], window_days: int
    ) -> list[ConversionPath]:
        found = [self.conversions[one] for one in conversion_ids if one in self.conversions]
        return [
            ConversionPath(item, tuple(self.touches[item.customer_id]), conversions=self._converted(item.customer_id))
            for item in found
        ]

    def _converted(self, customer_id: str) -> tuple[tuple[str, str], ...]:
        own = [item for item in self.conversions.values() if item.customer_id == customer_id]
        return tuple((item.name, item.conversion_id) for item in own)

    def conversion_background(
        self, organization_id: str, site_id: str, conversion_id: str
    ) -> tuple[ConversionPath, Background]:
        (path,) = self.conversion_paths(organization_id, site_id, [conversion_id], 90)
        customer_id = path.conversion.customer_id
        return path, Background((), {touch.touch_id: customer_id for touch in self.touches[customer_id]}, ())

    def get_conversion(self, organization_id: str, site_id: str, conversion_id: str) -> Conversion:
        if conversion_id not in self.conversions:
            raise NotFoundError("there is no such conversion")
        return self.conversions[conversion_id]

    # What a test does with it.

    def refs(self) -> list[ConversionRef]:
        return [
            ConversionRef(item.organization_id, item.site_id, item.customer_id, item.conversion_id)
            for item in self.conversions.values()
        ]

    def arrive(self) -> None:
        api.credit_arrivals(self.refs())

    def write_lake(self) -> None:
        """Touches and conversions as journeys writes them."""
        for customer_id, touches in self.touches.items():
            for touch in touches:
                self.write_touch(touch, customer_id)
        for conversion in self.conversions.values():
            self._append(CONVERSIONS.name, conversion_row(conversion))

    def write_touch(self, touch: Touch, customer_id: str, revision: int = 1) -> None:
        self._append(TOUCHES.name, touch_row(touch, self.site, customer_id, revision))

    def retire(self, touch: Touch, customer_id: str) -> None:
        """As journeys writes a touch that no longer is one."""
        self._append(TOUCHES.name, touch_row(touch, self.site, customer_id, 2) | {"deleted": True})

    def _append(self, name: str, row: dict[str, Any]) -> None:
        table = TOUCHES if name == TOUCHES.name else CONVERSIONS
        day = to_rfc3339(row["occurred_at"])[:10]
        wiring.lake().append(name, self.site.organization_id, day, name_of("part", [row]), arrow_table(table, [row]))

    def credit_rows(self) -> list[dict[str, Any]]:
        """The site's credits in the lake as they stand now."""
        sql = f"SELECT * FROM ({latest_rows(CREDITS, 'site_id = ?')}) ORDER BY conversion_id, position"
        result = wiring.query().run(sql, self.site.organization_id, (self.site.site_id,))
        return [dict(zip(result.columns, row, strict=True)) for row in result.rows]

    def credit_files(self) -> list[Path]:
        folder = Path(settings().lake) / "credits" / f"org={self.site.organization_id}"
        return sorted(folder.glob("dt=*/*.parquet"))
