"""Bodies that come in slowly are bounded in all and for each network, and those that began first give way."""

import asyncio
from collections.abc import Coroutine, MutableMapping
from typing import Any, TypeVar

import pytest
from optiq.kernel.errors import TooLargeError, UpstreamError

from infra.local.bodies import BODY_LIMIT_BYTES, Bodies, Disconnected
from tests.unit.local.loops import run_apart

Result = TypeVar("Result")
PART = b"x" * 100


class Client:
    """A request whose body comes when the test says so."""

    def __init__(self, bodies: Bodies, network: str) -> None:
        self.messages: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.reading = asyncio.create_task(bodies.read([], self.messages.get, network))

    async def send(self, body: bytes = PART, *, more: bool = True) -> None:
        await self._put({"type": "http.request", "body": body, "more_body": more})

    async def leave(self) -> None:
        await self._put({"type": "http.disconnect"})

    async def _put(self, message: MutableMapping[str, Any]) -> None:
        self.messages.put_nowait(message)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def gave_way(self) -> bool:
        return self.reading.done() and isinstance(self.reading.exception(), UpstreamError)


def bodies() -> Bodies:
    """With room for ten parts, and for four of a network."""
    return Bodies(in_all=1_000, of_network=400)


def play(scene: Coroutine[Any, Any, Result]) -> Result:
    return run_apart(scene)


def test_a_body_in_parts_is_put_together() -> None:
    async def scene() -> tuple[bytes, int]:
        found = bodies()
        client = Client(found, "a")
        await client.send(b"one ")
        await client.send(b"two", more=False)
        return await client.reading, found.unfinished_bytes

    assert play(scene()) == (b"one two", 0)


def test_the_first_body_of_a_network_gives_way_when_the_network_has_too_much() -> None:
    async def scene() -> tuple[list[bool], bool, int]:
        found = bodies()
        slow = [Client(found, "a") for _ in range(6)]
        for client in slow:
            await client.send()
        other = Client(found, "b")
        await other.send()
        return [client.gave_way for client in slow], other.gave_way, found.unfinished_bytes

    assert play(scene()) == ([True, True, False, False, False, False], False, 500)


def test_the_network_with_most_gives_way_when_all_together_have_too_much() -> None:
    async def scene() -> tuple[list[str], int]:
        found = bodies()
        clients = {name: Client(found, name[0]) for name in ("q1", *(f"{n}{i}" for n in "abc" for i in range(4)))}
        for name, client in clients.items():
            # One that sends little and fast is let through; a network with less than the others' keeps its own.
            await client.send(PART if name != "q1" else b"x")
        await clients["q1"].send(b"y", more=False)
        return [name for name, client in clients.items() if client.gave_way], found.unfinished_bytes

    gave_way, left = play(scene())
    assert gave_way[:2] == ["a0", "b0"]
    assert "q1" not in gave_way
    assert left <= 1_000


def test_a_body_that_gives_way_can_be_sent_again() -> None:
    async def scene() -> tuple[UpstreamError, bytes]:
        found = bodies()
        slow = [Client(found, "a") for _ in range(5)]
        for client in slow:
            await client.send()
        with pytest.raises(UpstreamError) as refused:
            await slow[0].reading
        again = Client(found, "a")
        await again.send(PART, more=False)
        return refused.value, await again.reading

    refusal, body = play(scene())
    assert refusal.retryable
    assert body == PART


@pytest.mark.parametrize("end", ["complete", "left", "cancelled", "too large"])
def test_nothing_is_counted_of_a_body_that_has_ended(end: str) -> None:
    async def scene() -> tuple[int, BaseException | None]:
        found = Bodies()
        client = Client(found, "a")
        await client.send()
        assert found.unfinished_bytes == len(PART)
        if end == "complete":
            await client.send(more=False)
        elif end == "left":
            await client.leave()
        elif end == "too large":
            await client.send(bytes(BODY_LIMIT_BYTES))
        else:
            client.reading.cancel()
        (failure,) = await asyncio.gather(client.reading, return_exceptions=True)
        return found.unfinished_bytes, failure if isinstance(failure, BaseException) else None

    left, failure = play(scene())
    assert left == 0
    expected = {"complete": type(None), "left": Disconnected, "too large": TooLargeError}
    assert type(failure) is expected.get(end, asyncio.CancelledError)


def test_a_request_that_is_given_up_while_it_gives_way_is_given_up() -> None:
    async def scene() -> None:
        found = bodies()
        slow = [Client(found, "a") for _ in range(4)]
        for client in slow:
            await client.send()
        last = Client(found, "a")
        last.messages.put_nowait({"type": "http.request", "body": PART, "more_body": True})
        while not slow[0].reading.cancelling():
            await asyncio.sleep(0)
        slow[0].reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow[0].reading

    play(scene())
