"""The wires of before XML: IPTC 7901, which European agencies send, and ANPA 1312, which American ones do.

Both are text between control characters: SOH begins the header, STX the text, ETX ends it, EOT ends the message.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.labels import SIGNED
from newsmill.tasks.formats.names import authors_of, number_of
from newsmill.tasks.formats.prose import joined, squeeze, unwrapped
from newsmill.tasks.formats.streams import as_text, pieces
from newsmill.tasks.inputs.days import days_in

_SOH, _STX, _ETX, _EOT = "\x01", "\x02", "\x03", "\x04"
_MESSAGE = re.compile("(?:\x16+)?\x01")
_LONGEST_HEAD = 4000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")

_HEADER_7901 = re.compile(
    r"(?P<source>[A-Za-z]{1,5})\s?(?P<number>\d{1,5})\s+(?P<priority>[0-9])\s+(?P<category>\S{1,5})\s+(?P<words>\d{1,5})"
    r"(?:\s+(?P<rest>[^\n]*))?"
)
_SENT_7901 = re.compile(
    r"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)\s*(?P<zone>[A-Z]{3,4})?\s+(?P<month>[A-Za-zäé]{3,9})\.?\s+(?P<year>\d{2,4})"
)
_HEADER_ANPA = re.compile(r"(?P<service>[a-zA-Z])(?P<number>\d{4})\x1f?(?P<selector>[^\n\x1f]*)")
_VERSION_ANPA = re.compile(
    r"(?P<priority>[a-zA-Z])\s+(?P<category>[a-zA-Z])\s*[\x11-\x14\x1e\x1f]*\s*(?P<slug>[^\x14\n]*?)[\x00-\x20]*"
    r"(?P<month>\d{1,2})-(?P<day>\d{1,2})\s+(?P<words>\d{0,4})\b"
)
_SENT_ANPA = re.compile(r"AP-[A-Z]{2}-(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d)([A-Z]{3})", re.IGNORECASE)
_AP_ZONES = {"GMT": 0, "EST": -5, "EDT": -4}
_PRIORITIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5, "a": 6}
_HEADLINE_END = re.compile(r"[<=\x1d\x1e]+\s*$")
_BYLINE = re.compile(r"(?:by|von|par|por)\s+\S", re.IGNORECASE)
_KEYWORDS = re.compile(r"[^\s/]+(?:[/-][^\s/-]*)+|\S*/.*|.*/")
"""A line of keywords: ``Port-France``, ``Harbour/traffic/``."""
_NOT_PUBLISHED = re.compile(
    r"following information is not (?:intended )?for publication|^#+ ?Notizblock", re.IGNORECASE
)
_NOTE = re.compile(r"(?:eds|editors?|ed\. ?note|eds note)\s*:|editor.?s.? note\b", re.IGNORECASE)


def read_wire(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The messages of a wire, one or many in a file."""
    with as_text(stream) as text:
        for piece in pieces(text, _MESSAGE):
            if isinstance(piece, Fault):
                yield piece
            elif _SOH in piece:
                yield _item_of(piece)
            elif _CONTROL.sub("", piece).strip():
                yield Fault(Reason.DAMAGED, "text outside a message of the wire")


def _item_of(message: str) -> Item | Fault:
    head, stx, rest = message.partition(_STX)
    if not stx:
        return Fault(Reason.DAMAGED, "a message of the wire without a beginning of text")
    body, etx, tail = rest.partition(_ETX)
    if not etx and _EOT in body:
        body, etx, tail = body.partition(_EOT)
    if not etx:
        return Fault(Reason.DAMAGED, "a message of the wire that is cut short")
    head = head.partition(_SOH)[2][:_LONGEST_HEAD]
    if (anpa := _HEADER_ANPA.match(head)) and (version := _VERSION_ANPA.search(head)):
        return _anpa(anpa, version, body, tail)
    return _iptc_7901(head, body, tail)


def _iptc_7901(head: str, body: str, tail: str) -> Item:
    """Header: source and number, priority, category, words, then keywords and the headline on lines of their own."""
    found = _HEADER_7901.match(_CONTROL.sub("", head).lstrip())
    rest = _CONTROL.sub("", head).lstrip()[found.end() :] if found else _CONTROL.sub("", head)
    lines = [line.strip() for line in rest.split("\n") if line.strip()]
    slug = lines.pop(0) if lines and _KEYWORDS.fullmatch(lines[0]) else squeeze(found["rest"]) if found else None
    note = _first(lines, _NOTE) or _first(lines, re.compile(r"\(.*\)$"))
    titles = [line.rstrip(" =") for line in lines if line not in ("=", note)]
    kept = [_CONTROL.sub("", line) for line in body.split("\n")]
    kept, sent = _closing(kept, _sent(tail))
    kept, unpublished = _without_note(kept)
    opening, kept = _opening(kept, has_title=bool(titles))
    titles += [line.rstrip(" =") for line in opening if not _BYLINE.match(line)]
    byline = _first(opening, _BYLINE)
    return Item(
        text=joined(unwrapped(kept)),
        id=f"{found['source']}{found['number']}" if found else None,
        title=squeeze(" ".join(titles)),
        byline=byline,
        authors=authors_of(byline),
        published_at=sent,
        has_time=sent is not None,
        publisher=found["source"] if found else None,
        section=found["category"] if found else None,
        slug=slug,
        urgency=number_of(found["priority"]) if found else None,
        editor_note=" ".join(filter(None, (note, unpublished))) or None,
        stated_words=number_of(found["words"]) or None if found else None,
    )


def _first(lines: list[str], pattern: re.Pattern[str]) -> str | None:
    return next((line for line in lines if pattern.match(line)), None)


def _closing(lines: list[str], sent: datetime | None) -> tuple[list[str], datetime | None]:
    """The lines without what closes them: the writers' initials, and the time where it stands ahead of the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or SIGNED.fullmatch(lines[end - 1].strip()) or _sent(lines[end - 1])):
        sent = sent or _sent(lines[end - 1])
        end -= 1
    return lines[:end], sent


def _without_note(lines: list[str]) -> tuple[list[str], str | None]:
    """The lines up to a note for editors that closes them, and that."""
    at = next((at for at, line in enumerate(lines) if _NOT_PUBLISHED.search(line)), None)
    return (lines, None) if at is None else (lines[:at], squeeze(" ".join(lines[at:])))


def _opening(lines: list[str], *, has_title: bool) -> tuple[list[str], list[str]]:
    """The lines of the headline ahead of the text, and the text.

    They end with a line of ``=``, or are set flush above text whose paragraphs are indented; or the headline is the
    line on which the text begins, where the header has none.
    """
    marked = next((at for at, line in enumerate(lines[:12]) if line.strip() == "="), None)
    if marked is not None:
        return [line.strip() for line in lines[:marked] if line.strip()], lines[marked + 1 :]
    filled = [at for at, line in enumerate(lines) if line.strip()]
    if not filled or has_title:
        return [], lines
    begin = next((at for at in filled[:8] if lines[at].startswith("   ")), None)
    if begin is None and filled[0] == 0 and len(filled) > 1 and not lines[0].startswith(" "):
        begin = 1
    if begin is None or begin == filled[0]:
        return [], lines
    return [line.strip() for line in lines[:begin] if line.strip()], lines[begin:]


def _sent(tail: str) -> datetime | None:
    """The time of a message: day, hour and minute in UTC, month and year."""
    found = _SENT_7901.search(tail)
    if not found:
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    day = next(days_in(f"{found['day']} {found['month']} {year}"), None)
    hour, minute = int(found["hour"]), int(found["minute"])
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime(day.day.year, day.day.month, day.day.day, hour, minute, tzinfo=UTC)


def _anpa(header: re.Match[str], version: re.Match[str], body: str, tail: str) -> Item:
    """Lines that ``^`` begins or ``<`` or ``=`` ends are set apart: keyword line, notes, headline, byline."""
    lines = body.split("\n")
    opening: list[str] = []
    while lines and (not lines[0].strip() or _is_opening(lines[0])):
        line = lines.pop(0)
        if line.strip():
            opening.append(squeeze(_CONTROL.sub("", _HEADLINE_END.sub("", line)).strip().lstrip("^")) or "")
    slug = squeeze(_CONTROL.sub("", version["slug"])) or None
    plain = [line for line in opening if line and not _NOTE.match(line)]
    byline = _first(plain, _BYLINE)
    titles = [line for line in plain if not _is_keyword_line(line, slug) and line != byline]
    sent = _SENT_ANPA.search(tail) or _SENT_ANPA.search(body)
    kept = [_CONTROL.sub("", line).rstrip("<") for line in lines if not _SENT_ANPA.search(line)]
    published = _ap_time(sent)
    return Item(
        text=joined(unwrapped(kept)),
        id=f"{header['service']}{header['number']}",
        title=titles[0] if titles else None,
        byline=byline,
        authors=authors_of(byline),
        published_at=published,
        has_time=published is not None,
        publisher="AP" if sent else None,
        section=version["category"],
        slug=slug,
        urgency=_PRIORITIES.get(version["priority"].lower()),
        editor_note=_first([line for line in opening if line], _NOTE),
        stated_words=number_of(version["words"]) or None,
    )


def _is_opening(line: str) -> bool:
    return line.lstrip(" \x1e\x1d").startswith("^") or bool(_HEADLINE_END.search(line))


def _is_keyword_line(line: str, slug: str | None) -> bool:
    """Whether a line repeats the keywords: ``BC-Country--Topic, 1st Ld-Writethru,500``."""
    return bool(re.match(r"(?:[ABP][CPM]|[A-Z]{2})-{1,2}\w", line)) or bool(
        slug and line.lower().startswith(slug.lower())
    )


def _ap_time(found: re.Match[str] | None) -> datetime | None:
    if not found or found[6].upper() not in _AP_ZONES:
        return None
    month, day, year, hour, minute = (int(part) for part in found.groups()[:5])
    try:
        return datetime(
            year + (2000 if year < 70 else 1900),
            month,
            day,
            hour,
            minute,
            tzinfo=timezone(timedelta(hours=_AP_ZONES[found[6].upper()])),
        )
    except ValueError:
        return None
