"""What the documents name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "infra/README.md"]
EXAMPLES = {"infra/.env", "tasks/read/epub.py", "tests/tasks/read/test_epub.py", "tasks/topics/", "tests/tasks/topics/"}
"""Files that a user makes, or that a recipe has one make."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    links = {document.parent / target for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)}
    named = re.findall(r"`((?:tasks|schemas|tests|src|flows|benchmarks|docs|infra)/[\w./-]*[\w/])`", text)

    assert {str(path) for path in links | {ROOT / path for path in set(named) - EXAMPLES} if not path.exists()} == set()


def test_the_walk_names_files_of_its_rooms_and_enters_none_twice() -> None:
    rows = re.findall(r"^\| \d \| (\w+) \| ([^|]*) \|", (ROOT / "docs/architecture.md").read_text(), flags=re.MULTILINE)
    rooms = [room for room, _ in rows]

    assert len(rooms) == len(set(rooms)) == 8
    for room, files in rows:
        assert [
            name for name in re.findall(r"`([\w/]+\.py)`", files) if not (ROOT / "tasks" / room / name).exists()
        ] == []
