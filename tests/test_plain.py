"""Text that is kept has no logins, and text that is shown commands no terminal."""

import json

import click
import pytest
from click.testing import CliRunner

from newsmill.cli.show import console, say, show_rows
from newsmill.plain import shown, without_login
from newsmill.report import render_report

COMMANDS = {
    "colour": "\x1b[31m",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\",
    "carriage return": "\r",
    "C1": "\x9b31m",
    "delete": "\x7f",
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "line separator": "\u2028",
}


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://ada:pass@example.org/a", "https://example.org/a"),
        ("ftp://ada@example.org/", "ftp://example.org/"),
        ("https://a@b:c@example.org", "https://example.org"),
        ("list.jsonl#https://a:b@example.org/", "list.jsonl#https://example.org/"),
        ("no answer from http://a:b@x/ nor http://c:d@y/", "no answer from http://x/ nor http://y/"),
        ("https://example.org/@ada", "https://example.org/@ada"),
        ("https://example.org?mail=a@b", "https://example.org?mail=a@b"),
        ("write to ada@example.org", "write to ada@example.org"),
    ],
)
def test_a_login_is_left_out(address: str, left: str) -> None:
    assert without_login(address) == left


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_edge_lets_a_command_through(command: str) -> None:
    text = f"before{command}after\n\tça va 日本"
    rejection = {"input_id": text, "stage": "read", "reason": "empty", "detail": text}

    @click.command()
    def speak() -> None:
        say(text)
        console().print(text)
        show_rows([text], [[text]], "text")
        show_rows([text], [[text]], "json")

    printed = CliRunner().invoke(speak).stdout
    page = render_report({"date": text}, [], [rejection], [text])

    assert not set(command) - set("0123456789;[]m8ownedhtp:/.vixal\\") & set(printed + page)
    assert "ça va 日本" in printed
    assert json.loads(printed.splitlines()[-1]) == {text: text}
    assert shown("a\n\tb") == "a\n\tb"


def test_markup_in_what_is_shown_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(["[link=http://evil.example]n[/link]", "[/red]"], [["[bold]x[/bold]", "[/]"]], "text")

    printed = capsys.readouterr().out
    for text in ("[link=http://evil.example]n[/link]", "[/red]", "[bold]x[/bold]", "[/]"):
        assert text in printed
