"""Where a customer's events happened: kept where it changes, and told of a session."""

import json
import zlib

from optiq.journeys.history import pack, unpack
from optiq.journeys.journey import derive

from tests.unit.journeys.facts import SITE, fact


def _longest_row(packed: bytes) -> int:
    return max(len(row) for row in json.loads(zlib.decompress(packed)))


def test_a_place_that_nobody_said_takes_no_room_and_one_that_stays_is_kept_once() -> None:
    nowhere = [fact(n) for n in range(20)]
    berlin = [fact(n, place="DE|Berlin") for n in range(20)]

    assert b"|" not in zlib.decompress(pack(nowhere))
    assert _longest_row(pack(nowhere)) < 14
    assert zlib.decompress(pack(berlin)).count(b"DE|Berlin") == 1
    assert unpack(pack(berlin)) == berlin


def test_a_place_may_be_lost_and_found_again() -> None:
    said = [fact(n, place=place) for n, place in enumerate(["DE|Berlin", "", "FR|", "FR|", "DE|Berlin"])]

    assert unpack(pack(said)) == said


def test_a_sessions_place_is_the_first_one_said() -> None:
    (session,) = derive([fact(0), fact(1, place="FR|"), fact(2, place="DE|Berlin")], SITE).sessions

    assert (session.country, session.city) == ("FR", "")
