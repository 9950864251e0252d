"""The command as a user meets it: its help, its exit codes, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsmill.cli.main import COMMANDS, LazyCommand, cli
from newsmill.errors import UsageError
from tests.cli.command import newsmill

ROOT = Path(__file__).parents[2]
HEAVY = {"duckdb", "great_expectations", "numpy", "prefect", "pyarrow", "pyiceberg", "spacy", "trafilatura"}


@pytest.mark.parametrize("listed", COMMANDS, ids=lambda listed: str(listed.name))
def test_every_command_has_its_summary_an_example_and_a_place_in_the_readme(listed: LazyCommand) -> None:
    command = listed.load()

    assert command.name == listed.name
    assert command.get_short_help_str(500) == listed.help
    assert command.epilog
    assert f"newsmill {listed.name}" in command.epilog
    assert f"newsmill {listed.name}" in (ROOT / "docs/commands.md").read_text()


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("fly",)], ids=" ".join)
def test_what_needs_no_command_imports_click_alone(arguments: tuple[str, ...]) -> None:
    assert imported_by("from newsmill.cli.main import main; main()", *arguments) & {*HEAVY, "pydantic", "rich"} == set()


def test_help_and_mistakes_wait_for_nothing_that_takes_seconds_to_import() -> None:
    # Of ddl the help lists the warehouses.
    loading = "from newsmill.cli.main import COMMANDS; [c.load() for c in COMMANDS if c.name != 'ddl']"

    assert imported_by(loading) & HEAVY == set()


def imported_by(code: str, *arguments: str) -> set[str]:
    """The packages that are imported by the time an interpreter has run the code."""
    telling = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr, sep='\\n'))"
    command = [sys.executable, "-c", f"{telling}\n{code}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {line.partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in found
    return found


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("fly",), 2, "No such command"),
        (("run", "--date", "tomorrow"), 2, "not a date"),
        (("run", "--config", "none.toml"), 2, "none.toml: there is no such file"),
        (("query", "SELECT 1"), 2, "there is no lake at"),
        (("backfill", "--from", "2026-01-01"), 2, "--to"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = newsmill(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("lakes = 'x'", "lakes is no setting; is it lake?"),
        ("workers = 'many'", "workers: Input should be a valid integer"),
        ("lake = ", "newsmill.toml"),
        ("[[sources]]\nname='a'\nuri='x'\n[[sources]]\nname='a'\nuri='y'", "same name: a"),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "newsmill.toml").write_text(content)

    done = newsmill("tables", cwd=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["tables"],
        ["runs"],
        ["people"],
        ["verify"],
        ["collect"],
        ["why", "x"],
        ["raw", "x"],
        ["query", "most_quoted"],
        ["export", "quotes"],
        ["ledger", "rebuild"],
        ["rollback", "--date", "2026-01-01"],
        ["diff", "--date", "2026-01-01"],
        ["remove", "--host", "a.example", "--yes"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_agree_on_a_lake_that_is_not_there(tmp_path: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(cli, [*arguments, "--lake", str(tmp_path / "none")])
    assert isinstance(done.exception, UsageError)
    assert "there is no lake at" in str(done.exception)
    assert not (tmp_path / "none").exists()


def test_a_day_that_is_none_is_told_with_the_form() -> None:
    done = CliRunner().invoke(cli, ["rollback", "--date", "2026-13-01"])
    assert done.exit_code == 2
    assert "not a date: 2026-13-01 (YYYY-MM-DD)" in done.output


def test_no_sentence_of_the_help_is_cut() -> None:
    shown = " ".join(CliRunner().invoke(cli, ["--help"]).output.split())
    assert all(" ".join(str(command.help).split()) in shown for command in COMMANDS)
