"""The commands of the README and of the list in ``docs/`` are the ones that there are."""

import re
from pathlib import Path

import pytest

from newsmill.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text()


def code_of(text: str) -> str:
    return "\n".join(re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL))


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.MULTILINE))

    assert {"run", "test", "setup"} <= named <= targets


def used_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^newsmill ([a-z]+)(.*?)(?:#.*)?$", code_of(text), flags=re.MULTILINE)


def test_every_command_is_told() -> None:
    assert {name for name, _ in used_in(COMMANDS_PAGE)} == {command.name for command in COMMANDS}


@pytest.mark.parametrize("document", ["README.md", "docs/commands.md", "docs/tutorial.md"])
def test_every_command_and_option_exists(document: str) -> None:
    used = used_in((ROOT / document).read_text())

    assert used
    params = {command.name: command.load().params for command in COMMANDS}
    for name, rest in used:
        known = {option for parameter in params[name] for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known


def test_links_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "infra/README.md"):
        text = (ROOT / document).read_text()
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / document).parent / target).exists(), f"{document}: {target}"


def test_ci_calls_the_readme_s_test_command() -> None:
    assert "\nmake test\n" in (ROOT / ".ci/run").read_text()
    assert "make test " in README
