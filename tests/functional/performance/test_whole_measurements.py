"""The measurements that start servers, each in a process of its own as the benchmark runs them, at a toy size."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import pytest

from infra.local.home import StartError
from infra.local.table import binary
from tests.performance import authorizer, collect, cost, end_to_end, fair_shares, recompute
from tests.performance.figures import Figure

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _installed() -> None:
    try:
        binary()
    except StartError as error:
        pytest.skip(str(error))


def _apart(measure: Callable[..., list[Figure]], *size: int) -> dict[str, Figure]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return {figure.name: figure for figure in pool.submit(measure, *size).result()}


def test_collection_is_measured_alone_and_behind_the_gateway() -> None:
    figures = _apart(collect.measure, 8, 2)

    assert sum(name.startswith("handler: ") for name in figures) == 8
    assert sum(name.startswith("gateway: ") for name in figures) == 10


def test_the_authorizer_is_measured_when_it_knows_a_secret_and_when_it_reads_it() -> None:
    # A session that is refused ends the measurement with an error.
    assert len(_apart(authorizer.measure, 100)) == 2


def test_every_order_of_the_end_to_end_run_is_credited() -> None:
    # A missing credit ends the measurement with an error.
    figures = _apart(end_to_end.measure, 200, 10)

    assert len(figures) == 4


def test_a_quiet_tenant_is_measured_beside_garbage_and_beside_busy_tenants() -> None:
    # An event that is not stored ends the measurement with an error.
    garbage = _apart(fair_shares.beside_garbage, 3, 200)
    tenants = _apart(fair_shares.beside_busy_tenants, 3, 20)

    assert (len(garbage), len(tenants)) == (2, 4)
    assert all("400" in figure.note for figure in garbage.values())
    assert all("202" in figure.note for figure in tenants.values())


def test_a_recomputation_is_measured_whole_again_and_when_nothing_changed() -> None:
    # A conversion that is not looked at ends the measurement with an error.
    figures = _apart(recompute.measure, 400, 100)

    assert len(figures) == 5


def test_cost_counts_the_units_dynamodb_would_bill() -> None:
    figures = _apart(cost.measure, 30)

    units = {name: figure.value for name, figure in figures.items() if name.endswith("write units an event")}
    single = next(value for name, value in units.items() if name.startswith("single"))
    servers = next(value for name, value in units.items() if name.startswith("servers"))
    # Ids that do not name their visitor are claimed, a unit each. Thirty visitors share a window of 500 events.
    assert servers > 1
    assert 0 < single < servers
