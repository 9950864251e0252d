"""What every format gives: items with what their source states of them, and faults for what could not be read."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason


class PubStatus(StrEnum):
    """Whether an item may be published, in the words of IPTC's NewsCodes."""

    USABLE = "usable"
    WITHHELD = "withheld"
    """Not until the agency says so."""
    CANCELED = "canceled"
    """Killed: not to be published, and to be taken back where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as its source states it. What is not stated is None or empty; nothing is guessed."""

    text: str
    """Paragraphs parted by blank lines, rows of tables by line breaks; nothing of what stands in the other fields."""
    id: str | None = None
    """As its source names it: the same in every version."""
    version: int | None = None
    title: str | None = None
    subhead: str | None = None
    description: str | None = None
    """A summary that is no part of the text."""
    byline: str | None = None
    """As printed: ``By Mary Smith, Political Editor``."""
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    language: str | None = None
    """BCP 47, in lower case."""
    published_at: datetime | None = None
    """In the zone stated, UTC where none is; midnight where only a day is stated."""
    has_time: bool = False
    """Whether more than the day of publication is stated."""
    modified_at: datetime | None = None
    publisher: str | None = None
    section: str | None = None
    page: str | None = None
    slug: str | None = None
    urgency: int | None = None
    """1 (most urgent) to 9."""
    keywords: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    places: tuple[str, ...] = ()
    genre: str | None = None
    editor_note: str | None = None
    copyright: str | None = None
    usage_terms: str | None = None
    embargoed_until: datetime | None = None
    pub_status: PubStatus = PubStatus.USABLE
    stated_words: int | None = None
    """The length that the source states, in words."""
    urls: tuple[str, ...] = ()
    media: str | None = None
    """What the item is where it is no text: ``picture``, ``video``, ``audio``, ``graphic``."""

    @property
    def published_on(self) -> date | None:
        """The day of publication where it was published."""
        return self.published_at.date() if self.published_at else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read, and why; ``id`` where the source names it."""

    reason: Reason
    detail: str
    id: str | None = None


def cited(item: Item) -> Item:
    """An item that a headline or summary alone stands for, with that for its text; pictures and films are none."""
    if item.text or item.media not in (None, "text"):
        return item
    return replace(item, text=item.description or item.title or "")


def unfit(item: Item, now: datetime) -> Fault | None:
    """Why an item is no article at the moment ``now``: killed, withheld, embargoed, or without text; None if it is."""
    if item.pub_status is PubStatus.CANCELED:
        return Fault(Reason.WITHDRAWN, "the source has canceled it", item.id)
    if item.pub_status is PubStatus.WITHHELD:
        return Fault(Reason.WITHDRAWN, "the source withholds it", item.id)
    if item.embargoed_until and item.embargoed_until > now:
        return Fault(Reason.EMBARGOED, f"until {item.embargoed_until.isoformat(timespec='minutes')}", item.id)
    if not item.text:
        return Fault(Reason.NO_TEXT, _instead_of_text(item), item.id)
    return None


def _instead_of_text(item: Item) -> str:
    """What an item has that has no text, whole if it is no more than a line of copyright."""
    if item.media:
        return f"a {item.media} item"
    if item.title:
        return "headline and description alone"
    return f"nothing but its copyright: {item.copyright[:_LONGEST_SHOWN]}" if item.copyright else "no text"


_LONGEST_SHOWN = 300
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Kana and Han characters, of which a length in words counts each."""


def is_short(text: str, stated_words: int | None) -> bool:
    """Whether a text is shorter than nine tenths of the length that its source states."""
    if stated_words is None:
        return False
    count = len(_WITHOUT_SPACES.findall(text)) + len(_WITHOUT_SPACES.sub(" ", text).split())
    return count < 0.9 * stated_words
