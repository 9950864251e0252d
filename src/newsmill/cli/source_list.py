"""The ``newsmill sources`` commands: what the settings file lists, what is remembered of it, and what stands there."""

import asyncio
import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from newsmill.config import DEFAULT_FILE, Settings, SourceConfig, load_settings
from newsmill.errors import ConfigError, UsageError
from newsmill.plain import without_login
from newsmill.tasks.fetch.crawl import fetcher
from newsmill.tasks.fetch.listings import parse_listing
from newsmill.tasks.fetch.memory import forget, recall
from newsmill.tasks.inputs.content import Problem, clean_address
from newsmill.tasks.inputs.source import is_address
from newsmill.tasks.read.sources import source_of
from newsmill.tasks.run.attempt import open_lake


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What stands at an address: ``state`` in a line, and the newest of what it lists."""

    address: str
    state: str
    kind: str | None = None
    title: str | None = None
    items: int = 0
    newest: tuple[tuple[str, str], ...] = ()
    """Title and address."""
    more: tuple[str, ...] = ()


def add(config: Path | None, sources: Sequence[SourceConfig]) -> list[SourceConfig]:
    """Append sources to the settings file, which is made if need be; gives those that were not in it before.

    What stood in the file stays as it was, comments and all. A source that had been retired is polled anew. Raises
    ConfigError for a name that another source has, and UsageError for what can be no source of its kind.
    """
    for source in sources:
        if source.kind in ("article", "feed", "page") and clean_address(source.uri) is None:
            raise UsageError(
                f"{source.uri} is no http or https address; --kind auto is for files and folders, list for addresses"
            )
    path = config or Path(DEFAULT_FILE)
    there = {(source.name, source.uri) for source in listed(path)}
    fresh = [source for source in sources if (source.name, source.uri) not in there]
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = before.rstrip("\n") + "\n\n" if before.strip() else ""
    after += "\n".join(_table(source) for source in fresh)
    try:
        Settings.model_validate(tomllib.loads(after))
    except ValueError as error:
        raise ConfigError(f"{path} was left as it is: {' '.join(str(error).split())[:300]}") from error
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(after, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from error
    store = open_lake(load_settings(path)).store
    for source in sources:
        if recall(store, source.name, source.uri).retired_at is not None:
            forget(store, source.name, source.uri)
    return fresh


def listed(path: Path) -> tuple[SourceConfig, ...]:
    """The sources of a settings file; none of one that is not there yet."""
    return load_settings(path).sources if path.exists() else ()


def import_opml(config: Path | None, opml: Path) -> tuple[int, int]:
    """Add the feeds of an OPML list to the settings file; how many were added, and how many were there already."""
    found = of_opml(opml.read_bytes(), str(opml), listed(config or Path(DEFAULT_FILE)))
    added = add(config, found)
    return len(added), len(found) - len(added)


def of_opml(content: bytes, address: str, there: Sequence[SourceConfig] = ()) -> list[SourceConfig]:
    """A source for each feed of an OPML list; raises UsageError for what is none.

    A feed that is among the sources that are ``there`` is that source; another is named after its host.
    """
    listing = parse_listing(content, address=address, content_type=None, max_bytes=len(content))
    if isinstance(listing, Problem):
        raise UsageError(f"{address}: {listing.detail}")
    if not listing.more:
        raise UsageError(f"{address} names no feeds")
    known = {source.uri: source for source in there}
    taken = {source.name for source in there}
    for url in listing.more:
        if url not in known:
            host = source_of(url).name
            name = next(name for name in chain([host], (f"{host}-{n}" for n in count(2))) if name not in taken)
            taken.add(name)
            known[url] = SourceConfig(name=name, uri=url, kind="feed")
    return [known[url] for url in dict.fromkeys(listing.more)]


def try_out(settings: Settings, url: str) -> Trial:
    """Fetch a listing and say what it is; nothing of it is kept."""
    address = clean_address(url)
    if address is None or not is_address(url):
        raise UsageError(f"{url} is no http or https address")
    return asyncio.run(_try_out(settings, address))


async def _try_out(settings: Settings, address: str) -> Trial:
    async with fetcher(settings) as fetches:
        fetched = await fetches.get(address)
    answer, shown = fetched.answer, fetched.address
    if answer is None:
        return Trial(address=shown, state=fetched.problem.detail if fetched.problem else "no answer")
    if not 200 <= answer.status < 300:
        return Trial(address=shown, state=f"status {answer.status}")
    max_bytes = fetches.limits.max_bytes
    content = answer.content(max_bytes)
    if isinstance(content, Problem):
        return Trial(address=shown, state=content.detail)
    content_type = answer.header("content-type")
    listing = parse_listing(content, address=answer.address, content_type=content_type, max_bytes=max_bytes)
    if isinstance(listing, Problem):
        return Trial(address=shown, state=listing.detail)
    newest = sorted(listing.items, key=lambda item: item.published_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return Trial(
        address=shown,
        state="ok" if listing.items or listing.more else "lists nothing",
        kind=listing.kind.value,
        title=listing.title,
        items=len(listing.items),
        newest=tuple((item.title or "", without_login(item.url or "")) for item in newest[:5]),
        more=tuple(map(without_login, listing.more)),
    )


def _table(source: SourceConfig) -> str:
    lines = ["[[sources]]", f"name = {_string(source.name)}", f"uri = {_string(source.uri)}"]
    if source.kind != "auto":
        lines.append(f"kind = {_string(source.kind)}")
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """As TOML writes it: as JSON does, but without pairs of surrogates, and with an escape for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
