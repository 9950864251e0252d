"""The probe finds out what a store cannot do, and leaves nothing in it."""

from pathlib import Path

from newsmill.storage import LocalStore, ObjectStore
from newsmill.storage.local import LOCK
from newsmill.storage.probe import probe


def test_a_fit_store_has_no_problems_and_keeps_nothing(store: ObjectStore) -> None:
    assert probe(store) == []
    assert list(store.list()) == []
    if isinstance(store, LocalStore):
        assert [path for path in store.root.rglob("*") if path.is_file()] == [store.root / LOCK]


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    (problem,) = probe(LocalStore(tmp_path / "file"))

    assert problem.startswith("cannot write: ")


def test_a_store_that_ignores_conditions(tmp_path: Path) -> None:
    class Careless(LocalStore):
        def write_if(self, key: str, content: bytes, tag: str | None) -> str:
            self.write(key, content)
            return tag or "tag"

    problems = probe(Careless(tmp_path))

    assert [problem.partition(":")[0] for problem in problems] == [
        "ignores If-Match on a write",
        "ignores If-None-Match on a write",
    ]
