"""What a run costs, stage by stage: CPU and wall seconds, memory, requests to an object store, bytes in the lake.

    python benchmarks/scale.py SOURCE LAKE [BATCH_SIZE [CLUSTER]]

docs/scale.md has what it printed and what follows. Requests are counted where LAKE is an ``s3://`` address. With the
address of a CLUSTER, CPU and memory are those of the run alone, without the workers.
"""

import os
import sys
import threading
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from botocore.httpsession import URLLib3Session

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.cluster import Spent  # noqa: E402, below the path that it is found by
from newsmill import progress  # noqa: E402
from newsmill.config import RunRequest, Settings, SourceConfig  # noqa: E402
from newsmill.lake import Lake  # noqa: E402
from newsmill.server import configure_client, prefect_api  # noqa: E402


class Meter:
    """Told of each step of a run; keeps what the step before it has cost."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float, float]] = []
        self.parent_mb = self.all_mb = 0.0
        self._step = "start"
        self._since = time.monotonic(), 0.0
        self._spent = Spent({"all": os.getpid()})

    def __call__(self, step: progress.Step) -> None:
        """Keep what the step that ends has cost."""
        if step.name is None and not step.is_over:
            return
        now = time.monotonic(), self._spent.since()["all"]
        self.rows.append((self._step, now[0] - self._since[0], now[1] - self._since[1], self.parent_mb))
        self._step, self._since, self.parent_mb = step.name or "end", now, 0.0

    def watch(self) -> None:
        """Look at CPU and memory again and again; a daemon's work."""
        me = psutil.Process()
        while True:
            self._spent.look()
            sizes = [
                process.memory_info().rss for process in (me, *me.children(recursive=True)) if process.is_running()
            ]
            self.parent_mb = max(self.parent_mb, sizes[0] / 2**20)
            self.all_mb = max(self.all_mb, sum(sizes) / 2**20)
            time.sleep(0.25)


def count_requests() -> Counter[str]:
    """The requests that this process sends to object stores from now on, by their method."""
    requests: Counter[str] = Counter()
    send = URLLib3Session.send

    def send_counted(session: URLLib3Session, request: Any) -> Any:
        requests[request.method] += 1
        return send(session, request)

    setattr(URLLib3Session, "send", send_counted)  # noqa: B010 - mypy takes no new method
    return requests


def main() -> None:
    """Run the pipeline and print the tables."""
    source, lake, *rest = sys.argv[1:]
    meter = Meter()
    threading.Thread(target=meter.watch, daemon=True).start()
    requests = count_requests()
    configure_client()
    with prefect_api() as ready:
        ready()
        from newsmill.flows.settle import ingest_and_settle  # noqa: PLC0415 - Prefect reads the environment

        batch_size, cluster = (*rest, *("256", "")[len(rest) :])
        settings = Settings(lake=lake, workers=1, batch_size=int(batch_size), cluster=cluster or None)
        request = RunRequest(
            logical_date=date(2026, 1, 5), sources=(SourceConfig(name="scale", uri=source),), settings=settings
        )
        with progress.listening(meter):
            run = ingest_and_settle(request)
    print(f"{run.read_count:,} read, {run.article_count:,} articles, {run.duplicate_count:,} duplicates")
    for name, seconds, cpu, mb in meter.rows:
        each = 1000 * cpu / run.read_count
        print(f"{name:24} {seconds:7.1f} s {cpu:7.1f} CPU s {each:7.1f} CPU ms an input, parent {mb:.0f} MB")
    print(f"most memory, children and a private server with it: {meter.all_mb:,.0f} MB")
    print(f"requests: {', '.join(f'{count:,} {method}' for method, count in sorted(requests.items())) or 'none'}")
    for table in Lake.open(lake).tables():
        print(f"{table.name:12} {table.rows:9,} rows {table.bytes:12,} bytes in {table.files} files")


if __name__ == "__main__":
    main()
