"""The command that looks after the mirror in a catalog service: catalog."""

import sys
from pathlib import Path

import click

from newsmill.cli.options import Output, example, lake_of, output_option, settings_options
from newsmill.cli.show import show_rows
from newsmill.config import load_settings
from newsmill.errors import ConfigError


@click.command(epilog=example("newsmill catalog sync"))
@click.argument("action", type=click.Choice(["sync", "status"]))
@settings_options
@output_option
def catalog(action: str, config: Path | None, lake: str | None, output: Output) -> None:
    """Show the published tables by name in the catalog service of the settings, or say which it has otherwise.

    Each publish does the same; this repairs a catalog that could not be reached then. Exit code 1 if status finds a
    table that is behind. See docs/catalogs.md.
    """
    from newsmill.lake.catalog import mirror

    settings = load_settings(config, lake=lake)
    if settings.catalog is None:
        raise ConfigError(
            'no catalog is configured; write into newsmill.toml, say: catalog = { type = "sql", uri = "..." }'
        )
    opened = lake_of(config, lake)
    is_dry = action == "status"
    changed = mirror(opened, settings.catalog, dry=is_dry)
    told = "behind" if is_dry else "brought up to date"
    namespace = settings.catalog.namespace
    rows = [
        [f"{namespace}.{name}", told if name in changed else "as published"] for name in sorted(opened.head().tables)
    ]
    show_rows(["table", "state"], rows, output)
    if is_dry and changed:
        sys.exit(1)
