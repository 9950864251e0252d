"""Simulated faults: ``python benchmarks/simulate.py [PUBLISHES] [FIRST_SEED]``; 100,000 take an hour of a processor.

Worlds of some hundred publishes each, one a seed, over publish, rollback, collect, leases and the ledger; see
tests/simulation.py. A seed that has found something is printed with what it was, and run again alone by
``python -m tests.simulation SEED PUBLISHES``.
"""

import gc
import logging
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.simulation import Broken, simulate  # noqa: E402, tests are no package

WORLD = 150
"""Publishes in one world: as many as a reader of its trace can follow."""


def main() -> int:
    """Print what was seen; 1 if anything did not hold that must."""
    given = [int(argument) for argument in sys.argv[1:]]
    publishes, first = given + [100_000, 1][len(given) :]
    logging.disable(logging.WARNING)
    gc.disable()  # a world is garbage as a whole
    outcomes: Counter[tuple[str, str]] = Counter()
    faults: Counter[str] = Counter()
    swaps = broken = 0
    for seed in range(first, first + -(-publishes // WORLD)):
        try:
            gc.collect()
            world = simulate(seed, WORLD)
        except Broken as error:
            broken += 1
            print(error, flush=True)
            continue
        outcomes += world.outcomes
        faults += world.faults
        swaps += len(world.states) - 1
        print(f"seed {seed}: {len(world.states) - 1} swaps, {time.process_time():.0f} s of CPU so far", flush=True)
    for (kind, outcome), count in sorted(outcomes.items()):
        print(f"{count:9,} {kind}: {outcome}")
    print(f"{swaps:,} swaps of the head; faults: {dict(sorted(faults.items()))}; {broken} worlds were broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
