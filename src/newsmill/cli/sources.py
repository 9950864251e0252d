"""The commands about what is polled: sources add, import, list, poll, test."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from newsmill.cli.options import Output, config_option, example, output_option, settings_options, source_of
from newsmill.cli.show import say, say_polled, show_rows
from newsmill.config import load_settings
from newsmill.plain import without_login
from newsmill.server import configure_client

KIND = click.Choice(["auto", "article", "feed", "page", "list"])


@click.group(epilog=example("newsmill sources add https://example.org/feed.xml"))
def sources() -> None:
    """What is polled for new articles: add to it, look at it, try it out."""


@sources.command("add", epilog=example("newsmill sources add https://example.org/ --kind page --name example"))
@click.argument("url")
@click.option("--name", help="What its rows carry.  [default: the host]")
@click.option("--kind", type=KIND, default="feed", show_default=True, help="What stands there; feed: or a sitemap.")
@config_option
def sources_add(url: str, name: str | None, kind: str, config: Path | None) -> None:
    """Add a source to the settings file; one that was retired is polled again."""
    from newsmill.cli.source_list import add

    source = source_of(url).model_copy(update={"kind": kind} | ({"name": name} if name else {}))
    added = add(config, [source])
    say(f"{'added' if added else 'there already'}: {source.name} {without_login(source.uri)}")


@sources.command("import", epilog=example("newsmill sources import subscriptions.opml"))
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
def sources_import(opml: Path, config: Path | None) -> None:
    """Add every feed of an OPML list, as feed readers export it."""
    from newsmill.cli.source_list import import_opml

    added, there = import_opml(config, opml)
    say(f"{added} added, {there} there already")


@sources.command("list", epilog=example("newsmill sources list --output json"))
@settings_options
@output_option
def sources_list(config: Path | None, lake: str | None, output: Output) -> None:
    """List the sources with what is remembered of them: the last poll, what keeps failing, what was retired."""
    from newsmill.storage import open_store
    from newsmill.tasks.fetch.memory import recall_all

    settings = load_settings(config, lake=lake)
    store = open_store(settings.lake, endpoint=settings.s3.endpoint, region=settings.s3.region)
    memories = recall_all(store, [(source.name, source.uri) for source in settings.sources])
    rows = [
        [
            source.name,
            source.kind,
            without_login(source.uri),
            memory.succeeded_at,
            round(memory.interval.total_seconds() / 60) if memory.polled_at else None,
            len(memory.seen),
            memory.notice or "ok" if memory.polled_at else "not polled yet",
        ]
        for source, memory in zip(settings.sources, memories, strict=True)
    ]
    show_rows(["name", "kind", "uri", "succeeded_at", "minutes", "items", "state"], rows, output)


@sources.command("poll", epilog=example("newsmill sources poll"))
@settings_options
@output_option
def sources_poll(config: Path | None, lake: str | None, output: Output) -> None:
    """Fetch what is new in the sources that are due into the archive of today, for the next nightly run to land."""
    settings = load_settings(config, lake=lake)
    configure_client()  # before Prefect is imported
    from newsmill.flows.poll import poll_due
    from newsmill.flows.requests import today

    polled = poll_due(settings, today(datetime.now(UTC), settings.schedule.timezone))
    names = sorted({*polled.fetched, *polled.failed})
    rows = [[name, polled.fetched.get(name, 0), polled.failed.get(name, 0)] for name in names]
    show_rows(["source", "fetched", "failed"], rows, output)
    say_polled(polled.answered, polled.asked, polled.notices, err=output == "json")


@sources.command("test", epilog=example("newsmill sources test https://example.org/feed.xml"))
@click.argument("url", metavar="URL|FILE|FOLDER")
@settings_options
@output_option
def sources_test(url: str, config: Path | None, lake: str | None, output: Output) -> None:
    """Say what a feed, sitemap or home page lists, or what files hold, with the first rows; nothing of it is kept."""
    from newsmill.cli.source_list import try_out

    if "://" not in url:
        _test_files(url, config, output)
        return
    trial = try_out(load_settings(config, lake=lake), url)
    if output == "json":
        say(json.dumps(asdict(trial), ensure_ascii=False))
    else:
        say(f"{trial.state}: {trial.kind or 'nothing'} {trial.title or ''} ({trial.items} items)")
        listed = [*trial.newest, *(("listing", address) for address in trial.more)]
        if listed:
            show_rows(["title", "address"], listed, output)
    if trial.state != "ok":
        sys.exit(1)


def _test_files(path: str, config: Path | None, output: Output) -> None:
    from newsmill.cli.look_into import look_into

    seen = look_into(load_settings(config), path)
    if output == "json":
        for file in seen:
            say(json.dumps(asdict(file), ensure_ascii=False, default=str))
    else:
        for file in seen:
            say(f"{file.name}: {file.format}, {file.articles} articles, {file.rejected} rejected")
            if file.first:
                names = list(file.first[0])
                show_rows(names, [[row[name] for name in names] for row in file.first], output)
            for problem in file.problems:
                say(f"  {problem}")
    if not any(file.articles for file in seen):
        sys.exit(1)
