"""Where the command line begins: its commands, each imported when it is called for, and what its exit code says.

Help and mistakes are answered without an import of what the commands work with, which takes seconds.
"""

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from newsmill import __version__
from newsmill.cli.ends import Terminated, end_on_signals, shortage
from newsmill.errors import NewsmillError, SqlRefused
from newsmill.plain import shown, without_login


class LazyCommand(click.Command):
    """What the list of commands says of one, and the ``module:attribute`` where it stands."""

    def __init__(self, name: str, place: str, summary: str) -> None:
        super().__init__(name, help=summary)
        self.place = place

    def load(self) -> click.Command:
        """The command itself."""
        module, _, attribute = self.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, LazyCommand) else command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """The commands, each with its whole sentence."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help or "") for name, command in sorted(self.commands.items())])


COMMANDS = (
    LazyCommand(
        "run",
        "newsmill.cli.run:run",
        "Run the pipeline over files, folders, globs, archives or addresses, and publish what comes out.",
    ),
    LazyCommand(
        "nightly",
        "newsmill.cli.run:nightly",
        "Run the sources of newsmill.toml for the day that has passed.",
    ),
    LazyCommand(
        "backfill",
        "newsmill.cli.run:backfill",
        "Run every date of a range that has not landed yet; a killed backfill goes on where it was.",
    ),
    LazyCommand(
        "serve",
        "newsmill.cli.run:serve",
        "Keep a Prefect server with the nightly schedule, and show the lake's pages.",
    ),
    LazyCommand(
        "query",
        "newsmill.cli.look:query",
        "Ask the lake in SQL (DuckDB), or by the name of a ready query, such as most_quoted.",
    ),
    LazyCommand(
        "people",
        "newsmill.cli.look:people",
        "List who was quoted, by outlet and day, with the names in the texts that were taken for that person.",
    ),
    LazyCommand(
        "tables",
        "newsmill.cli.look:tables",
        "List the tables with their size and the Iceberg metadata that readers open.",
    ),
    LazyCommand(
        "open",
        "newsmill.cli.look:open_page",
        "Open the page of the lake in a browser: dates and sources, who was quoted most, a search, every report.",
    ),
    LazyCommand(
        "ddl",
        "newsmill.cli.ddl:ddl",
        "Print the statements that make the lake's tables known to a warehouse; see docs/warehouses.md.",
    ),
    LazyCommand(
        "runs",
        "newsmill.cli.look:runs",
        "List the published runs, one a date, the newest last.",
    ),
    LazyCommand(
        "why",
        "newsmill.cli.look:why",
        "Say what became of an article: its revisions and copies, what stands for it, or why it was rejected.",
    ),
    LazyCommand(
        "raw",
        "newsmill.cli.look:raw",
        "Show the archived answer that an article was made from, as it came: WARC header, HTTP header, body.",
    ),
    LazyCommand(
        "export",
        "newsmill.cli.export:export",
        "Write a table to a file, date by date, or the articles as ninjs 3.0 (JSON lines, valid by IPTC's schema).",
    ),
    LazyCommand(
        "sources",
        "newsmill.cli.sources:sources",
        "What is polled for new articles: add to it, look at it, try it out.",
    ),
    LazyCommand(
        "ledger",
        "newsmill.cli.upkeep:ledger",
        "Make the fingerprints of duplicates, every quote_id and every story_id anew from what is published.",
    ),
    LazyCommand(
        "remove",
        "newsmill.cli.upkeep:remove",
        "Remove a page, a host or an article from archive, tables and reports, and keep it from coming back.",
    ),
    LazyCommand(
        "diff",
        "newsmill.cli.upkeep:diff",
        "Say what another model, or this version, would change in the entities, quotes and speakers of landed dates.",
    ),
    LazyCommand(
        "rollback",
        "newsmill.cli.upkeep:rollback",
        "Make a date what it was before its last publish, in all tables at once; a second time undoes it.",
    ),
    LazyCommand(
        "verify",
        "newsmill.cli.upkeep:verify",
        "Check published dates: files, checksums, counts, expectations, references.",
    ),
    LazyCommand(
        "repair",
        "newsmill.cli.upkeep:repair",
        "Make damaged metadata of the tables anew from their files, in one swap; no file with rows is touched.",
    ),
    LazyCommand(
        "rebind",
        "newsmill.cli.upkeep:rebind",
        "Make the Iceberg metadata of a lake that was moved or copied name its new place, in one swap.",
    ),
    LazyCommand(
        "catalog",
        "newsmill.cli.catalog:catalog",
        "Show the published tables by name in the catalog service of the settings, or say which it has otherwise.",
    ),
    LazyCommand(
        "collect",
        "newsmill.cli.upkeep:collect",
        "Delete what killed runs left in the tables, and replaced states older than superseded_days.",
    ),
    LazyCommand(
        "doctor",
        "newsmill.cli.upkeep:doctor",
        "Say what is missing or misconfigured, one line each, with the mend.",
    ),
    LazyCommand(
        "extract",
        "newsmill.cli.filters:extract",
        "Filter: {id, url?, html | html_b64 | text, title?} lines to {id, title, authors, date, language, text} lines.",
    ),
    LazyCommand(
        "enrich",
        "newsmill.cli.filters:enrich",
        "Filter: {id, text} lines to {id, entities, quotes, indirect} lines.",
    ),
    LazyCommand(
        "dedupe",
        "newsmill.cli.filters:dedupe",
        "Filter: {id, text, date?} lines to {id, cluster, duplicate_of, method, similarity, containment} lines.",
    ),
)
"""The first sentence of a command's help is its summary here, which the tests hold together."""


@click.group(
    cls=LazyGroup,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="newsmill")
def cli() -> None:
    """News articles in, validated Parquet with entities and attributed quotes out."""


def main() -> None:
    """The console script: errors that a user can mend are one line, and the exit code says of what kind they are."""
    end_on_signals()
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 2
    except NewsmillError as error:
        _say_end(error, str(error))
        if isinstance(error, SqlRefused) and error.place:
            click.echo(shown(error.place), err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort) as error:
        # click takes the place of an interrupt, and keeps it as the cause.
        cause = error.__cause__ or error
        _say_end(cause, f"ended by {cause}" if isinstance(cause, Terminated) else "interrupted")
        code = cause.exit_code if isinstance(cause, Terminated) else 130
    except SystemExit as error:  # of a command that reports, and ends with what the worst of it says
        code = error.code
    except BrokenPipeError:
        # The reader has gone, as `| head` does; nothing more can be said to it, at the exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except (OSError, MemoryError, ImportError) as error:
        if (said := shortage(error)) is None:
            raise
        _say_end(error, said)
        code = 1
    _end(code if isinstance(code, int) else 0)


def _end(code: int) -> NoReturn:
    """End; if Prefect was at work, without its threads and a tidying-up of memory that takes seconds.

    Its threads would for minutes try to tell a server that is gone what they know; what they had to tell one that is
    there has been sent.
    """
    if "prefect" not in sys.modules:
        sys.exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _say_end(error: BaseException, said: str) -> None:
    """The last line: what ended the command, and what was noted on the way out."""
    line = "; ".join([said, *getattr(error, "__notes__", ())])
    click.echo(f"newsmill: {shown(without_login(' '.join(line.split())))}", err=True)
