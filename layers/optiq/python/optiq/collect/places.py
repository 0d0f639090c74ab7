"""Where an address is, as far as a GeoIP database tells. Only the place goes on from here, never the address.

OPTIQ_GEOIP names the file: MaxMind's GeoLite2 or GeoIP2 (City or Country) or DB-IP's, all of one format
(https://maxmind.github.io/MaxMind-DB/). None is part of Optiq; without one nobody is anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from optiq.kernel.networks import read_address
from optiq.kernel.settings import settings


@dataclass(frozen=True, slots=True)
class Place:
    """ISO 3166-1's two letters of a country, and a city's English name; "" is what is not known."""

    country: str
    city: str

    @property
    def without_city(self) -> "Place":
        return Place(self.country, "")


NOWHERE = Place("", "")


class PlaceFile:
    """A GeoIP database, mapped into memory; threads may share it.

    Raises:
        ValueError: the file cannot be opened, or is no such database.
    """

    def __init__(self, path: str) -> None:
        # Imported late: who has no file does not pay for its reader.
        import maxminddb

        try:
            self._reader = maxminddb.open_database(path)
        except (OSError, maxminddb.InvalidDatabaseError) as error:
            raise ValueError(f"OPTIQ_GEOIP: '{path}' cannot be read as a GeoIP database: {error}") from error
        self._broken = maxminddb.InvalidDatabaseError

    def place_of(self, address: str) -> Place:
        """NOWHERE for what is no address, or none that the file knows."""
        found = read_address(address)
        try:
            record = self._reader.get(found) if found else None
        except (ValueError, self._broken):
            return NOWHERE
        return Place(_text(record, "country", "iso_code"), _text(record, "city", "names", "en"))


def place_of(address: str) -> Place:
    return FILE.place_of(address) if FILE and address else NOWHERE


def _text(record: object, *path: str) -> str:
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    return record if isinstance(record, str) else ""


# Opened when this is imported: a file that cannot be read must end the start, not fail every event.
FILE = PlaceFile(settings().geoip) if settings().geoip else None
