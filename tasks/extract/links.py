"""The links of an article's text: where each anchor stands in it, and what kind of place it leads to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from newsmill.schemas.rows import Link
from newsmill.schemas.words import LinkKind
from newsmill.tasks.extract.blocks import Block, line_of, line_start
from newsmill.tasks.inputs.identity import article_id
from newsmill.tasks.inputs.urls import canonical_url, site, target_of


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as the document has it: offsets into the article's text, the address as it is written, and ``rel``."""

    start: int
    end: int
    href: str
    rel: str | None = None


def base_of(tree: HtmlElement) -> str | None:
    """The address that a page says its links start from."""
    return next((href.strip() for base in tree.iter("base") if (href := base.get("href"))), None)


def page_anchors(blocks: Iterable[Block], text: str, *, base: str | None) -> list[Anchor]:
    """The links in the lines of ``text``, which are those of ``blocks`` in order, each tidied; blank ones are gone.

    A link whose words the tidying has changed is found again where they stand once in the line, else left out.
    """
    found: list[Anchor] = []
    at = 0
    lines = iter(text.split("\n"))
    for block in blocks:
        line = next(lines, None)
        if line is None:
            break
        for start, end, element in _anchors_of(block):
            href = (element.get("href") or "").strip()
            label = block.text[start:end]
            place = start if line == block.text else line.find(label) if line.count(label) == 1 else -1
            if href and place >= 0:
                address = _joined(base, href) if base else href
                found.append(Anchor(at + place, at + place + len(label), address, element.get("rel") or None))
        at += len(line) + 1
    return found


def _anchors_of(block: Block) -> Iterator[tuple[int, int, HtmlElement]]:
    """Offsets of links into the text of a line, none of them empty."""
    for first, behind, element in block.anchors:
        label = line_of("".join(block.pieces[first:behind]))
        start = line_start("".join(block.pieces[:first]), "".join(block.pieces[first:behind]))
        if label and block.text.startswith(label, start):
            yield start, start + len(label), element
    if block.element.tag in {"tr", "pre"} and not block.anchors:
        at = 0
        for element in block.element.iter("a"):
            label = line_of("".join(element.itertext()))
            start = block.text.find(label, at) if label else -1
            if start >= 0:
                at = start + len(label)
                yield start, at, element


_WRITTEN = re.compile(
    r"\[(?P<label>[^\[\]\n]{1,300})\]\((?P<href>https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+\"[^\"\n]*\")?\)"
    r"|(?P<bare>https?://[^\s<>\"“”«»]*[\w/#=&%~+)-])",
    re.IGNORECASE,
)
"""A link in Markdown, or a bare address without the punctuation behind it."""


def written_anchors(text: str) -> list[Anchor]:
    """The links that a text spells out: bare addresses, and those of Markdown by their label."""
    found: list[Anchor] = []
    for link in _WRITTEN.finditer(text):
        start, end = link.span("bare" if link["bare"] else "label")
        if link["bare"]:
            while text[end - 1] == ")" and text.count(")", start, end) > text.count("(", start, end):
                end -= 1  # the sentence's own bracket
        if text[start:end].strip():
            found.append(Anchor(start, end, link["href"] or text[start:end]))
    return found


_NETWORKS = (
    "facebook.com twitter.com x.com instagram.com linkedin.com youtube.com youtu.be tiktok.com reddit.com t.me "
    "telegram.me whatsapp.com wa.me pinterest.com threads.net bsky.app vk.com weibo.com flickr.com tumblr.com "
    "snapchat.com twitch.tv mastodon.social truthsocial.com rumble.com odysee.com xing.com ok.ru line.me"
)
"""Registrable domains of networks where people publish: what is linked there is a post or a profile."""

_SOCIAL = frozenset(_NETWORKS.split())
_FILES = ".pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .rtf .csv .tsv .epub .zip"
_DOCUMENTS = frozenset(_FILES.split())


def links_of(anchors: Sequence[Anchor], text: str, *, own_id: str, url: str | None) -> tuple[Link, ...]:
    """The rows of ``links`` of an article at ``url``, in order of text; what leads to no place of the web is none."""
    found: list[Link] = []
    own = canonical_url(url)
    for anchor in sorted(anchors, key=lambda a: (a.start, a.end)):
        address = _absolute(anchor.href, url)
        if address is None:
            continue
        canonical = canonical_url(target_of(address))
        host = urlsplit(canonical).hostname if canonical else None
        kind = _kind(address, canonical, host, own)
        is_page = canonical is not None and kind in {LinkKind.INTERNAL, LinkKind.EXTERNAL}
        found.append(
            Link(
                article_id=own_id,
                link_index=len(found),
                start=anchor.start,
                end=anchor.end,
                text=text[anchor.start : anchor.end],
                url=address,
                canonical_url=canonical,
                host=host,
                domain=site(host) if host else None,
                kind=kind,
                rel=anchor.rel,
                target_article_id=article_id(canonical, "") if is_page else None,
            )
        )
    return tuple(found)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # no address at all
        return href


def _absolute(href: str, url: str | None) -> str | None:
    """The address in full, or as it is written where that of its page is not known; None for mail, scripts and such."""
    address = _joined(url, href) if url else href
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    is_address = scheme in {"http", "https"} or (scheme == "" and not url)
    return re.sub(r"\s+", "%20", address) if is_address else None


def _kind(address: str, canonical: str | None, host: str | None, own: str | None) -> LinkKind:
    if canonical is None or host is None:
        return LinkKind.SELF if address.startswith("#") else LinkKind.INTERNAL
    if canonical == own:
        return LinkKind.SELF
    if PurePosixPath(urlsplit(canonical).path).suffix.lower() in _DOCUMENTS:
        return LinkKind.DOCUMENT
    domain = site(host)
    if own is not None and domain == site(urlsplit(own).hostname or ""):
        return LinkKind.INTERNAL
    return LinkKind.SOCIAL if domain in _SOCIAL else LinkKind.EXTERNAL
