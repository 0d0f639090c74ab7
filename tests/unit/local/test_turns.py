"""Places are given in turn, and no party takes them all."""

import asyncio
from collections.abc import Iterable

import pytest
from optiq.kernel.errors import LimitExceededError

from infra.local.turns import Turns
from tests.unit.local.loops import run_apart


class Room:
    """Parties that stay inside until they are let out."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._out: dict[str, asyncio.Event] = {}
        self.entered: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, names: Iterable[str]) -> None:
        """Names are a party's letter and a number."""
        for name in names:
            self._out[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._stay(name))
            await _settle()

    async def leave(self, name: str) -> None:
        self._out[name].set()
        await _settle()

    async def _stay(self, name: str) -> None:
        async with self._turns.of(name[0]):
            self.entered.append(name)
            await self._out[name].wait()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_party_leaves_a_place_free_when_it_asks_for_all() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=3, each=2, waiting=9))
        await room.come(["a1", "a2", "a3", "a4", "b1"])
        return room.entered

    assert run_apart(play()) == ["a1", "a2", "b1"]


def test_parties_are_served_in_turn_when_all_wait() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=1, each=1, waiting=9))
        await room.come(["a1", "a2", "a3", "b1", "b2", "c1"])
        for name in ("a1", "a2", "b1", "c1", "a3"):
            await room.leave(name)
        return room.entered

    assert run_apart(play()) == ["a1", "a2", "b1", "c1", "a3", "b2"]


def test_a_party_with_many_waiting_delays_a_newcomer_by_one_turn() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=1, each=1, waiting=99))
        await room.come([f"a{number}" for number in range(50)] + ["b0"])
        await room.leave("a0")
        await room.leave("a1")
        return room.entered

    assert run_apart(play()) == ["a0", "a1", "b0"]


@pytest.mark.parametrize(("each", "waiting"), [(1, 0), (1, 3), (2, 5)])
def test_a_party_is_refused_when_too_many_of_it_wait(each: int, waiting: int) -> None:
    async def play() -> int:
        room = Room(Turns(places=4, each=each, waiting=waiting))
        await room.come([f"a{number}" for number in range(each + waiting)])
        with pytest.raises(LimitExceededError) as refused:
            async with Turns.of(room._turns, "a"):
                pass
        # Another party is not.
        await room.come(["b1"])
        assert room.entered[-1] == "b1"
        return refused.value.retry_after_seconds

    assert run_apart(play()) > 0


def test_who_gives_up_waiting_takes_no_place() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=1, each=1, waiting=1))
        await room.come(["a1", "a2", "b1"])
        room.tasks["a2"].cancel()
        await _settle()
        # Another of its party may wait instead.
        await room.come(["a3"])
        await room.leave("a1")
        return room.entered

    assert run_apart(play()) == ["a1", "a3"]


def test_who_gives_up_at_the_moment_of_its_turn_hands_it_on() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=1, each=1, waiting=1))
        await room.come(["a1", "b1", "c1"])
        room._out["a1"].set()
        while not room.tasks["a1"].done():
            await asyncio.sleep(0)
        room.tasks["b1"].cancel()
        await _settle()
        return room.entered

    assert run_apart(play()) == ["a1", "c1"]


def test_who_gives_up_at_the_moment_a_place_comes_free_is_passed_over() -> None:
    async def play() -> list[str]:
        room = Room(Turns(places=1, each=1, waiting=2))
        await room.come(["a1", "b1", "b2"])
        room.tasks["b1"].cancel()
        await room.leave("a1")
        return room.entered

    assert run_apart(play()) == ["a1", "b2"]


def test_places_come_back_when_what_runs_inside_fails() -> None:
    async def play() -> None:
        turns = Turns(places=1, each=1, waiting=0)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                async with turns.of("a"):
                    raise RuntimeError
        async with turns.of("a"):
            pass

    run_apart(play())
