"""The command that tells warehouses of a lake: ddl. It stands alone, since what it offers takes long to import."""

from pathlib import Path

import click

from newsmill.cli.options import example, settings_options
from newsmill.cli.show import say, say_if_moved
from newsmill.config import load_settings
from newsmill.schemas.warehouses import WAREHOUSES, Place
from newsmill.schemas.warehouses import ddl as statements_for

CONTRACTS = ("dbt", "odcs")
"""What is no statement of a warehouse; newsmill/schemas/contracts.py takes seconds to import."""


@click.command(epilog=example("newsmill ddl --for athena --lake s3://newsroom/lake"))
@click.option(
    "--for", "warehouse", type=click.Choice(sorted([*WAREHOUSES, *CONTRACTS])), required=True, help="Whose dialect."
)
@settings_options
def ddl(warehouse: str, config: Path | None, lake: str | None) -> None:
    """Print the statements that make the lake's tables known to a warehouse; see docs/warehouses.md.

    For dbt the sources with their tests, for odcs a data contract; both are YAML.
    """
    from newsmill.tasks.run.attempt import open_lake

    settings = load_settings(config, lake=lake)
    opened = open_lake(settings)
    say_if_moved(opened)
    place = Place(opened.uri.removeprefix("file://"), settings.s3.endpoint, opened.dates("runs"))
    if warehouse in CONTRACTS:
        from newsmill.schemas.contracts import WRITTEN

        say(WRITTEN[warehouse](place).rstrip())
        return
    for statement in statements_for(warehouse, place):
        say(f"{statement};\n")
