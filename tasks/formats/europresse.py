"""Exports of Europresse (also Eureka.cc), the archive of CEDROM-SNi: HTML, since 2013 an ``article`` for each."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.tasks.formats.days import moment, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.labels import ADDRESS, COPYRIGHT
from newsmill.tasks.formats.names import authors_of, language_tag, number_of
from newsmill.tasks.formats.prose import joined, paragraphs_of, squeeze
from newsmill.tasks.formats.xml import all_named, name_of, pages_in, text_of

SIGN = re.compile(r"DocPublicationName|titreArticleVisu|publiC-lblNodoc|docOcurrContainer|DocHeader", re.IGNORECASE)
"""Names of classes that only these exports have."""
_MARK = re.compile(
    r"<article\b|<table[^>]{0,300}>(?=\s*(?:<tbody>\s*)?<tr[^>]{0,200}>\s*<td[^>]{0,300}>(?:(?!<table)[\s\S]){0,1500}?DocPublicationName)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\bnews[·•.\-]?(\d{8})[·•.\-]\S+|\b(\d{8})[·•]\S+")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,3}(?:[\s.,\u00a0]\d{3})+|\d+)\s*(?:mots|words|palabras|wörter|parole)\b", re.IGNORECASE
)
_PAGE = re.compile(r"\b(?:p\.|page|pages|S\.)\s*([A-Z]{0,4}\d{1,4}(?:[-,]\s?[A-Z]{0,4}\d{1,4})*)", re.IGNORECASE)
_LONGEST_BYLINE = 10
"""Words of a line below the headline beyond which it is no author."""
_FOOT = frozenset({"footer"})
_AUTHOR = ("sm-margin-bottomnews", "docauthors", "auteur")


def read_europresse_html(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The articles of an export."""
    for piece in pages_in(stream, _MARK):
        if isinstance(piece, Fault):
            yield piece
        elif SIGN.search(piece[0]):
            yield _item(next(all_named(piece[1], "article"), piece[1]))


def _all_of_class(root: Element, *names: str) -> Iterator[Element]:
    wanted = {name.lower() for name in names}
    return (one for one in root.iter() if name_of(one) and wanted & set((one.get("class") or "").lower().split()))


def _of_class(root: Element, *names: str) -> Element | None:
    return next(_all_of_class(root, *names), None)


def _item(article: Element) -> Item:
    header = " ".join(filter(None, map(text_of, _all_of_class(article, "DocHeader"))))
    day = written(header)
    published = next(
        (one for one in article.iter() if name_of(one) and "DocPublicationName" in (one.get("class") or "")), None
    )
    title_holder = _of_class(article, "titreArticleVisu", "rdp__articletitle", "titreArticle")
    container = _of_class(article, "docOcurrContainer", "DocText", "clearfix docOcurrContainer")
    words, page = _WORDS.search(header), _PAGE.search(header)
    byline = text_of(_of_class(article, *_AUTHOR))
    code = text_of(_of_class(article, "publiC-lblNodoc"))
    if container is not None:
        body = paragraphs_of(container, _FOOT)
    else:
        cell = next((above for above in _above(title_holder) if name_of(above) == "td"), article)
        byline, body, code = _loose(cell, text_of(title_holder), byline)
    while body and (COPYRIGHT.match(body[-1]) or ADDRESS.fullmatch(body[-1])):
        body.pop()
    notice = next(
        (text_of(one) for one in all_named(article, "small", "p", "td", "div") if COPYRIGHT.match(text_of(one) or "")),
        None,
    )
    return Item(
        text=joined(body),
        id=squeeze(code),
        title=text_of(title_holder),
        subhead=text_of(_of_class(article, "titreArticleSousTitre", "rdp__subtitle")),
        byline=byline,
        authors=authors_of(byline),
        language=language_tag(article.get("lang")),
        published_at=day[0] if day else _day_of_code(code),
        has_time=bool(day and day[1]),
        publisher=_newspaper(text_of(published)),
        section=_section(header),
        page=page[1] if page else None,
        copyright=notice if notice and len(notice) < 600 else None,
        stated_words=number_of(words[1].strip()) if words else None,
    )


def _above(element: Element | None) -> Iterator[Element]:
    return iter(()) if element is None else element.iterancestors()


def _loose(article: Element, title: str | None, byline: str | None) -> tuple[str | None, list[str], str | None]:
    """Author, text and number in the older layout, which has no division for the text and no names for the others.

    Behind the headline stand the author, the text, a line of copyright, and the number in a table.
    """
    lines = [paragraph.split("\n") for paragraph in paragraphs_of(article)]
    top = next((at for at, group in enumerate(lines) if title in group), None)
    if title is None or top is None:
        return (
            byline,
            [part for one in all_named(article, "p") if not one.get("class") for part in paragraphs_of(one)],
            None,
        )
    first = lines[top][lines[top].index(title) + 1 :]
    rest = [group for group in [first, *lines[top + 1 :]] if group]
    if byline is None and rest and authors_of(rest[0][0]) and len(rest[0][0].split()) <= _LONGEST_BYLINE:
        byline = rest[0].pop(0)
    body = ["\n".join(group) for group in rest if group]
    end = next((at for at in range(len(body) - 1, -1, -1) if COPYRIGHT.match(body[at])), len(body))
    code = next((found[0] for found in map(_CODE.search, body[end:]) if found), None)
    return byline, body[:end], code


def _newspaper(stated: str | None) -> str | None:
    """The name without edition and number: ``Le Monde, no. 21234``."""
    return squeeze(re.split(r",?\s+(?:no\.?|n°|num\.)\s*\d", stated or "", maxsplit=1)[0].rstrip(" ,"))


def _section(header: str) -> str | None:
    """What stands ahead of the day."""
    head = re.split(
        r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
        r"|\d{1,2}(?:er)?\s+\w+\s+\d{4}|\w+ \d{1,2}, \d{4}",
        header,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    return squeeze(head.strip(" ,;·")) if len(head) < len(header) else None


def _day_of_code(code: str | None) -> datetime | None:
    found = _CODE.search(code or "")
    at = moment(found[1] or found[2]) if found else None
    return at[0] if at else None
