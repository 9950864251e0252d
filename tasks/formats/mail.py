"""Mail of agencies and press offices: ``.eml`` and ``.mbox``."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import AddressHeader
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.limits import MAX_DEPTH, MAX_DOCUMENT, MAX_PARTS
from newsmill.tasks.formats.names import language_tag
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze, unwrapped, without_opening
from newsmill.tasks.formats.streams import encoding_of, whole
from newsmill.tasks.formats.xml import parse_html

_QUOTED = re.compile(r"^(?:>|-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine)\b)", re.IGNORECASE)
_PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*"?([^";\r\n]{1,100})""", re.IGNORECASE)
_SIGNATURE = "-- "
_MAX_LEVELS = 20
_HEADERS = ("Date", "Message-ID", "Subject", "Content-Language", "From")


def read_mail(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The message of an ``.eml`` file."""
    content = whole(stream)
    yield content if isinstance(content, Fault) else item_of_mail(content)


def read_mbox(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The messages of a mailbox: each begins after an empty line with ``From `` and loses the ``>`` before its own."""
    message: list[bytes] | None = None
    size, is_after_blank = 0, True
    for line in _lines(stream):
        if is_after_blank and line.startswith(b"From "):
            yield from _of_box(message, size)
            message, size = [], 0
        elif message is not None:
            size += len(line)
            if size <= MAX_DOCUMENT:
                message.append(line[1:] if re.match(rb">+From ", line) else line)
        is_after_blank = not line.strip()
    yield from _of_box(message, size)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(1_000_000):
        yield line


def _of_box(message: list[bytes] | None, size: int) -> Iterator[Item | Fault]:
    if message is None:
        return
    if size > MAX_DOCUMENT:
        yield Fault(Reason.TOO_LARGE, f"a message of more than {MAX_DOCUMENT:,} bytes")
    else:
        yield item_of_mail(b"".join(message))


def item_of_mail(content: bytes) -> Item | Fault:
    """What a message states: its subject is the headline, its sender the publisher."""
    if len(_PART.findall(content)) > MAX_PARTS or _count_of_parts(content) > MAX_PARTS:
        return Fault(Reason.TOO_LARGE, f"a mail of more than {MAX_PARTS} parts")
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        levels = _depth(message)
        if levels > _MAX_LEVELS:
            return Fault(Reason.TOO_LARGE, f"a mail of parts within parts, more than {_MAX_LEVELS} deep")
        if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
            return Fault(Reason.ENCRYPTED, "an encrypted mail")
        return _item(message)
    except (
        MessageError,
        ValueError,
        LookupError,
        RecursionError,
        AttributeError,
        TypeError,
        IndexError,
        KeyError,
    ) as error:
        # The parser of the standard library raises these for headers that no sender should write.
        return Fault(Reason.DAMAGED, f"a mail that cannot be read: {type(error).__name__}")


def _count_of_parts(content: bytes) -> int:
    """The parts that the boundaries of a message part, told without parsing it."""
    boundaries = {found[1] for found in itertools.islice(_BOUNDARY.finditer(content), MAX_PARTS)}
    return sum(content.count(b"\n--" + boundary) for boundary in boundaries)


def _depth(message: EmailMessage) -> int:
    level, parts = 0, [message]
    while parts and level <= MAX_DEPTH:
        level += 1
        parts = [below for part in parts if part.is_multipart() for below in part.iter_parts()]  # type: ignore[misc]
    return level


def _item(message: EmailMessage) -> Item | Fault:
    body = message.get_body(preferencelist=("plain", "html"))
    paragraphs = _paragraphs(body) if body is not None else []
    if not paragraphs and (other := message.get_body(preferencelist=("html",))) is not None:
        paragraphs = _paragraphs(other)
    # A header is parsed whenever it is asked for.
    day, identity, subject, language, sender = map(message.get, _HEADERS)
    sent = _date(str(day)) if day else None
    name = sender.addresses[0].display_name if isinstance(sender, AddressHeader) and sender.addresses else None
    title = squeeze(str(subject)) if subject else None
    return Item(
        text=joined(without_opening(paragraphs, title)),
        id=squeeze(str(identity).strip("<>")) if identity else None,
        title=title,
        language=language_tag(str(language)) if language else None,
        published_at=sent,
        has_time=sent is not None,
        publisher=squeeze(name),
        media="mail with attachments alone" if not paragraphs and message.is_multipart() else None,
    )


def _date(stated: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(stated)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _paragraphs(part: MIMEPart) -> list[str]:
    try:
        content = part.get_content()
    except LookupError:  # a character set that nobody knows
        raw = part.get_payload(decode=True)
        content = raw.decode(encoding_of(raw), "replace") if isinstance(raw, bytes) else None
    if not isinstance(content, str):
        return []
    if part.get_content_type() == "text/html":
        tree = parse_html(content)
        return paragraphs_of(tree) if tree is not None else []
    lines = []
    for line in content.replace("\r\n", "\n").split("\n"):
        if line == _SIGNATURE or _QUOTED.match(line):
            break
        lines.append(line)
    return unwrapped(lines)
