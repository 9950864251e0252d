"""What the commands share: their options, and what is meant by them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from newsmill.config import SourceConfig, load_settings
from newsmill.errors import NoLake

if TYPE_CHECKING:
    from newsmill.lake import Lake

type Output = Literal["text", "json"]


class _Day(click.ParamType[datetime]):
    """A day as ISO 8601 writes it."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Midnight of the day."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(str(value), "%Y-%m-%d")  # noqa: DTZ007, a day is of no zone
        except ValueError:
            self.fail(f"not a date: {value} (YYYY-MM-DD)", param, ctx)


DAY = _Day()

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file.  [default: newsmill.toml]"
)

lake_option = click.option("--lake", help="Folder or s3://bucket/prefix that holds the tables.  [default: lake]")

output_option = click.option(
    "--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people or programs."
)

workers_option = click.option("--workers", type=click.IntRange(1, 256), help="Worker processes.  [default: one a CPU]")

cluster_option = click.option(
    "--cluster", metavar="tcp://HOST:PORT", help="Dask scheduler whose workers do the work.  [default: none]"
)


def settings_options[F: Callable[..., object]](function: F) -> F:
    """The options that every command has which needs the settings."""
    return lake_option(config_option(function))


def example(command: str) -> str:
    """What a command's help ends with."""
    return f"Example:  {command}"


def lake_of(config: Path | None, lake: str | None, *, is_published: bool = True) -> "Lake":
    """The lake that the options name.

    Raises UsageError where nothing has been published yet; unless ``is_published``, where nothing stands at all.
    """
    from newsmill.tasks.run.attempt import open_lake

    opened = open_lake(load_settings(config, lake=lake))
    if opened.head().tag is None and (is_published or next(iter(opened.store.list()), None) is None):
        raise NoLake(opened.uri)
    return opened


def source_of(argument: str) -> SourceConfig:
    """The source that an argument names, after its path or address."""
    from newsmill.tasks.read import sources

    if not argument:
        raise click.UsageError("an empty text is no source; give a path or an address")
    source = sources.source_of(argument)
    return SourceConfig(name=source.name, uri=source.uri)
