"""What is kept of a body that is too large is made of whole values, and bounded."""

import json
import random

import pytest
from optiq.collect.beginnings import beginning

LIMIT = 1_000


def test_a_body_within_the_limit_stays_to_the_byte() -> None:
    body = b'{ "a":  1 }'
    assert beginning(body, len(body)) == body


def test_the_beginning_of_an_object_keeps_its_small_fields_and_no_part_of_a_text() -> None:
    value = {
        "properties": {"list": ["ada@mail.example"] * 500},
        "note": "x" * LIMIT,
        "type": "track",
        "context": {"ip": "203.0.113.7"},
        "userId": "u-1",
    }

    kept = json.loads(beginning(json.dumps(value).encode(), LIMIT))

    assert (kept["type"], kept["userId"]) == ("track", "u-1")
    assert "note" not in kept
    assert set(kept["properties"]["list"]) == {"ada@mail.example"}


@pytest.mark.parametrize(
    "body", [b"no JSON " * 500, b'{"a": ' + b"1" * 2_000, b'"' + b"x" * 2_000 + b'"', b"\xff" * 2_000]
)
def test_the_beginning_of_what_is_no_object_is_its_first_bytes(body: bytes) -> None:
    assert beginning(body, LIMIT) == body[:LIMIT]


def _value(chance: random.Random, levels: int) -> object:
    kind = chance.randrange(6 if levels else 4)
    if kind == 4:
        return [_value(chance, levels - 1) for _ in range(chance.randrange(30))]
    if kind == 5:
        return {"é" * chance.randrange(30) + str(n): _value(chance, levels - 1) for n in range(chance.randrange(30))}
    return ["ü" * chance.randrange(90), chance.randrange(10**12), None, True][kind]


def test_the_beginning_is_never_longer_than_its_limit() -> None:
    chance = random.Random(7)
    bodies = [json.dumps([_value(chance, 3) for _ in range(40)], ensure_ascii=False).encode() for _ in range(50)]
    bodies += [
        b"[" * 150 + b",".join([b"[]"] * 2_000) + b"]" * 150,
        json.dumps({str(n): {} for n in range(5_000)}).encode(),
    ]
    large = [body for body in bodies if len(body) > LIMIT]
    assert len(large) > 20
    for body in large:
        kept = beginning(body, LIMIT)
        assert LIMIT // 2 < len(kept) <= LIMIT + 8
        json.loads(kept)
