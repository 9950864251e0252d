"""Simulated faults: whatever breaks, and whoever goes first, the lake is whole; a seed says all that happens.

Some 2,000 publishes, 25 to 40 milliseconds of CPU each; ``benchmarks/simulate.py`` does a hundred thousand.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from newsmill.lake.head import Head, read_head, swap_head
from newsmill.storage import ObjectStore
from tests.simulation import Actor, Broken, World, simulate


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("newsmill").setLevel(logging.ERROR)


@pytest.mark.parametrize("seed", range(101, 121))
def test_nothing_that_breaks_loses_a_row_or_shows_a_mix(seed: int) -> None:
    world = simulate(seed, 100)

    assert world.outcomes["publish", "done"] > 20
    assert world.outcomes["look", "done"] > 3
    assert world.roughness == 0 or {"error", "lost"} <= world.faults.keys()


def test_a_seed_is_one_run() -> None:
    one, other = simulate(4, 10), simulate(4, 10)

    assert one.states == other.states
    assert one.outcomes == other.outcomes
    assert one.objects.keys() == other.objects.keys()


def swap_blindly(store: ObjectStore, head: Head) -> bool:
    """A swap that takes no notice of what others have swapped in meanwhile."""
    return swap_head(store, replace(head, tag=read_head(store).tag))


@pytest.mark.parametrize(
    ("place", "mistake", "said"),
    [
        ("newsmill.lake.publish.swap_head", swap_blindly, "changed|not there|published"),
        ("newsmill.tasks.run.lease._is_abandoned", lambda *_: True, "took _newsmill/leases"),
    ],
    ids=["the head is swapped blindly", "living claims are taken"],
)
def test_a_mistake_is_found(place: str, mistake: Callable[..., object], said: str) -> None:
    """The rooms' code with one thing left out: within some worlds something does not hold."""

    def some_worlds() -> None:
        for seed in range(1, 12):
            simulate(seed, 20)

    with mock.patch(place, mistake), pytest.raises(Broken, match=said):
        some_worlds()


def test_a_claim_that_expired_may_be_taken() -> None:
    """The rule that claims are held against: it tells an early taker from a late one."""
    world = World(1)
    former, taker = world.actor("publish", 1), world.actor("publish", 2)
    former.skew = taker.skew = timedelta()
    key = "_newsmill/leases/2026-01-01.json"

    def claim(actor: Actor) -> None:
        world.look_at_claim(key, f'{{"attempt_id": "{actor.name}"}}'.encode(), actor)
        world.objects[key] = mock.Mock()

    claim(former)
    world.now = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=3)
    claim(taker)
    world.now += timedelta(seconds=5)
    with pytest.raises(Broken, match="took"):
        claim(former)
