"""Interrupt a backfill twice and compare it, table by table, with one that was not: ``benchmarks/backfill.py [DATES]``.

Thirty dates take minutes. Prints the rows of each table, and exits with 1 where the two lakes differ.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsmill.lake import Lake  # noqa: E402, below the path that the tests are found by
from newsmill.lake.reclaim import orphans  # noqa: E402
from newsmill.lake.staging import staged_attempts  # noqa: E402
from newsmill.server import configure_client, prefect_api  # noqa: E402
from tests.interrupted import backfill, compose, tables  # noqa: E402


def main() -> int:
    """Kill at about a third and two thirds, with two dates at once, then go on to the end."""
    dates = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    configure_client()
    with tempfile.TemporaryDirectory(prefix="backfill-") as name, prefect_api() as ready:
        ready()
        folder = Path(name)
        days = compose(folder, dates)
        for killed_at in (dates // 3, 2 * dates // 3):
            backfill(folder, "interrupted", days, "--parallel", "2", killed_at=killed_at)
            print(f"killed with {len(Lake.open(str(folder / 'interrupted')).dates('runs'))} of {dates} dates landed")
        backfill(folder, "interrupted", days, "--parallel", "2")
        backfill(folder, "whole", days)
        interrupted, whole = (Lake.open(str(folder / lake)) for lake in ("interrupted", "whole"))
        found, expected = tables(interrupted), tables(whole)
        differ = [table for table, rows in expected.items() if not found[table].equals(rows)]
        for table, rows in expected.items():
            print(f"{table}: {len(rows)} rows, {'different' if table in differ else 'equal'}")
        left = [*(info.key for info in orphans(interrupted)), *staged_attempts(interrupted)]
        print(f"left behind: {', '.join(left) or 'nothing'}")
    return 1 if differ or left else 0


if __name__ == "__main__":
    sys.exit(main())
