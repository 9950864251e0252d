"""What is installed is what stands in the tree."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, version
from itertools import pairwise
from pathlib import Path

import newsmill

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_package_of_the_tree_is_listed() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    mapping = PROJECT["tool"]["setuptools"]["package-dir"]
    found = set()
    for package, folder in mapping.items():
        for init in (ROOT / folder).rglob("__init__.py"):
            below = init.parent.relative_to(ROOT / folder).parts
            found.add(".".join((package, *below)))

    assert found == listed


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["version"] == newsmill.__version__ == version("newsmill")


def test_the_console_script_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="newsmill")

    assert script.value == "newsmill.cli.main:main"


def test_the_types_are_published() -> None:
    assert (ROOT / "src/newsmill/py.typed").exists()


def test_locks_have_hashes_and_name_no_host() -> None:
    for name in ("runtime", "cluster", "dev"):
        text = (ROOT / f"requirements/{name}.lock").read_text()
        pins = re.findall(r"^([A-Za-z0-9._\[\]-]+)==", text, flags=re.MULTILINE)

        assert len(pins) > 100
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "--index" not in text


def test_each_lock_is_part_of_the_next() -> None:
    pins = [
        set(re.findall(r"^[A-Za-z0-9._-]+==\S+", (ROOT / f"requirements/{name}.lock").read_text(), re.MULTILINE))
        for name in ("runtime", "cluster", "dev")
    ]

    assert [smaller - larger for smaller, larger in pairwise(pins)] == [set(), set()]


def test_a_wheel_holds_every_module_and_its_weights(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    copy = tmp_path / "tree"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    for name in ("src", "flows", "tasks", "schemas"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(copy)], check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")

    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    expected = set()
    for package, folder in PROJECT["tool"]["setuptools"]["package-dir"].items():
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".pyi", ".json", ".parquet", ".sql"} or path.name == "py.typed":
                expected.add(f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder)}")
    assert held == expected
