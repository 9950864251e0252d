"""Exports of ProQuest: text, with a label before each field, and XML (TDM Studio and historical newspapers)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from lxml.etree import _Element as Element

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.days import moment, written
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.labels import ADDRESS
from newsmill.tasks.formats.limits import MAX_ARTICLE
from newsmill.tasks.formats.names import authors_inverted, language_tag, number_of
from newsmill.tasks.formats.prose import joined, squeeze, text_paragraphs
from newsmill.tasks.formats.xml import all_named, streamed, text_of

RULE = re.compile(r"^\s*_{20,}\s*$")
"""The line between two documents."""
_LABELS = {
    "title": "title titel titre título titolo título:",
    "byline": "author autor auteur autore author(s) verfasser",
    "abstract": "abstract zusammenfassung résumé resumen riassunto resumo",
    "text": "full text|full text:|volltext|texte intégral|texto completo|testo integrale|fulltext",
    "publisher": "publication title|titel der publikation|publikationstitel|titre de la publication|"
    "título de publicación|título de la publicación|titolo della pubblicazione|título da publicação",
    "info": "publication info|publikationsinfo|veröffentlichungsinfo|informations sur la publication|"
    "información de publicación|informazioni sulla pubblicazione",
    "date": "publication date|publikationsdatum|veröffentlichungsdatum|date de publication|fecha de publicación|"
    "data di pubblicazione|data de publicação",
    "year": "publication year|year",
    "section": "section|rubrik|sección|sezione|seção",
    "page": "pages|first page|start page|seiten|página de inicio|page|primera página|première page|erste seite",
    "language": "language of publication|language|sprache der publikation|sprache|langue de publication|"
    "idioma de la publicación|lingua di pubblicazione|publikationssprache",
    "id": "proquest document id|proquest-dokument-id|id du document proquest|id del documento de proquest|"
    "id documento proquest|document id|proquest id",
    "url": "document url|dokument-url|url du document|url del documento|url documento",
    "subject": "subject|subjects|thema|themen|sujet|materia|soggetto|assunto",
    "place": "location|place|ort|standort|lieu|lugar|ubicación|luogo",
    "copyright": "copyright",
    "genre": "document type|dokumenttyp|type de document|tipo de documento|tipo di documento|source type",
    "keywords": "identifier / keyword|identifiers / keywords|keywords|schlagwörter|mots clés",
    "other": "links|people|person|company / organization|company|classification|publication subject|issn|e-issn|isbn|"
    "country of publication|place of publication|publisher|last updated|database|proquest document link|volume|issue|"
    "company/organization|accession number|doi|supplemental data|credit|source|dateline|column|source attribution|"
    "number of pages|document feature|name|names|career|geographic|industry|illustration|caption|contact|"
    "zuletzt aktualisiert|datenbank|publikationsort|erscheinungsland|verlag|quellentyp|last updated date",
}
_KEYS = {
    name.strip(): key
    for key, names in _LABELS.items()
    for name in (names.split("|") if "|" in names or key == "copyright" else names.split())
}
_FIELD = re.compile(r"^\s{0,3}([^\W\d_][\w' ()/.-]{1,40}?)\s?:(?:\s+(.*))?$")
_NUMBERED = re.compile(r"^\s*(?:Document|Dokument|Documento)\s+\d+\s+(?:of|von|de|di)\s+\d+\s*$", re.IGNORECASE)
_SIGN = re.compile(
    r"proquest|publication info|publikationsinfo|veröffentlichungsinfo|publikationssprache|sur la publication|"
    r"(?:of|der|de) publi[ck]a|sulla pubbl"
)
"""What labels have that only ProQuest writes."""
_LINK = re.compile(
    r"^\s*(?:ProQuest document link|ProQuest-Dokumentlink|Link zum ProQuest-Dokument|"
    r"Enlace de documentos de ProQuest|Lien vers le document ProQuest)\s*$"
)
_TO_LIST = re.compile(
    r"^\s*(?:Table of contents|Inhalt|Bibliography|Citation style:|Contact us|Copyright ©|©)", re.IGNORECASE
)


def is_sign(line: str) -> bool:
    """Whether a line is one that only ProQuest writes."""
    found = _FIELD.match(line)
    label = found[1].strip().lower() if found else ""
    return bool(_NUMBERED.match(line)) or (_KEYS.get(label) in ("id", "info", "language") and bool(_SIGN.search(label)))


def read_proquest_lines(lines: Iterable[str]) -> Iterator[Item | Fault]:
    """The articles between the rules of an export."""
    article: list[str] = []
    size = 0
    for line in lines:
        if RULE.match(line) or (_NUMBERED.match(line) and _holds_article(article)):
            yield from _finished(article)
            article, size = [], 0
            continue
        size += len(line)
        if size > MAX_ARTICLE:
            yield Fault(Reason.TOO_LARGE, f"an article of more than {MAX_ARTICLE:,} characters")
            article, size = [], 0
        article.append(line)
    yield from _finished(article)


def _holds_article(lines: Iterable[str]) -> bool:
    keys = {key for key, _value in map(_field, lines) if key}
    return bool(keys & {"text", "id", "abstract"}) and bool(keys & {"title", "info", "publisher", "date"})


def _finished(lines: list[str]) -> Iterator[Item | Fault]:
    if _holds_article(lines):
        item = _item_of_lines(lines)
        keys = {_field(line)[0] for line in lines}
        if "id" not in keys and "publisher" not in keys and "info" not in keys:
            yield Fault(Reason.DAMAGED, "the export is cut short: its last article has no end")
        else:
            yield item


def _field(line: str) -> tuple[str | None, str]:
    found = _FIELD.match(line)
    key = _KEYS.get(found[1].strip().lower()) if found else None
    return (key, (found[2] or "").strip()) if found and key else (None, line)


def _item_of_lines(lines: list[str]) -> Item:
    """Fields by their labels. The text ends where the list of fields goes on behind it."""
    fields: dict[str, list[str]] = {}
    opening: list[str] = []
    key = ""
    for line in lines:
        if _NUMBERED.match(line) or _LINK.match(line):
            key = key or ""
            continue
        found, value = _field(line)
        ends_text = found in ("subject", "title", "place", "publisher", "id", "keywords", "other", "date") and bool(
            line.strip()
        )
        if found and (key not in ("text", "abstract") or ends_text or found == "text"):
            key = found
            fields.setdefault(key, []).append(value)
        elif key:
            fields[key].append(line)
        elif line.strip():
            opening.append(line.strip())
    return _item(
        {name: squeeze(" ".join(value)) for name, value in fields.items()},
        _paragraphs(fields.get("text", [])),
        squeeze(" ".join(opening)),
    )


def _paragraphs(lines: list[str]) -> list[str]:
    """A paragraph a line; where lines are broken at a width, empty ones part them."""
    has_blank = sum(not line.strip() for line in lines[1:]) >= 1
    longest = max(map(len, lines), default=0)
    if not has_blank or longest > 120:
        return [line.strip() for line in lines if line.strip()]
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]


_MISSING: tuple[list[str], ...] = ([], ["None available."], ["Not available."])
_INFO = re.compile(r"^(?P<paper>.*?)\s*;\s*(?P<town>[^\[;]*)(?:\[[^\]]*\])?\.?\s*(?P<rest>.*)$")


def _item(fields: Mapping[str, str | None], text: list[str], opening: str | None) -> Item:
    info = _INFO.match(fields.get("info") or "")
    day = (
        written(fields.get("date"))
        or written(info["rest"] if info else fields.get("info"))
        or moment(fields.get("date"))
    )
    page = re.search(r":\s*([A-Z]{0,4}[-.]?\d{1,4}(?:\.\d)?)\s*\.?$", fields.get("info") or "")
    byline = squeeze(re.sub(r"\bAuthors?:\s*", "", fields.get("byline") or ""))
    address = ADDRESS.search(fields.get("url") or "")
    abstract = fields.get("abstract")
    return Item(
        text=joined(text) if text[:1] not in _MISSING else "",
        id=fields.get("id"),
        title=fields.get("title") or opening,
        description=None if [abstract] in _MISSING else abstract,
        byline=byline,
        authors=authors_inverted(byline),
        language=language_tag(fields.get("language")),
        published_at=day[0] if day else None,
        has_time=bool(day and day[1]),
        publisher=_newspaper(fields.get("publisher")) or (squeeze(info["paper"]) if info else None),
        section=fields.get("section"),
        page=fields.get("page") or (page[1] if page else None),
        keywords=_list(fields.get("keywords")),
        topics=tuple(Topic("proquest", None, name) for name in _list(fields.get("subject"))),
        places=_list(fields.get("place")),
        genre=fields.get("genre"),
        copyright=fields.get("copyright"),
        urls=(address[0],) if address else (),
    )


def _newspaper(stated: str | None) -> str | None:
    return squeeze((stated or "").partition(";")[0])


def _list(stated: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(squeeze, re.split(r"[;|]", stated or "")))))


def read_proquest_xml(stream: BinaryIO) -> Iterator[Item | Fault]:
    """The records of an export as XML, one at a time."""
    for element in streamed(stream, "RECORD", "Record", "record"):
        yield element if isinstance(element, Fault) else _item_of_record(element)


def _item_of_record(record: Element) -> Item:
    def stated(*names: str, below: str | None = None) -> str | None:
        roots = all_named(record, below) if below else iter([record])
        return next(filter(None, (text_of(found) for root in roots for found in all_named(root, *names))), None)

    full = next(all_named(record, "FullText", "Text", "HiddenText"), None)
    paragraphs: list[str] = []
    if full is not None:
        paras = [text_of(para) for para in all_named(full, "p", "para")]
        paragraphs = [para for para in paras if para] or text_paragraphs("".join(full.itertext()))
    day = moment(stated("NumericPubDate", "NumericDate")) or written(stated("AlphaPubDate", "AlphaDate"))
    authors = [
        name
        for one in all_named(record, "Contributor", "Author")
        if "author" in (text_of(next(all_named(one, "ContribRole"), None)) or "author").lower()
        for name in [text_of(next(all_named(one, "OriginalForm", "NormalizedDisplayForm", "PersonName"), None))]
        if name
    ]
    newspaper = (
        stated("Title", below="Publication")
        or stated("Title", below="DFS")
        or stated("PubFrosting", "PublicationTitle", "SourceTitle")
    )
    title = next(
        (
            text
            for one in all_named(record, "Title", "RecordTitle")
            if not _is_publication(one)
            for text in [text_of(one)]
            if text
        ),
        None,
    )
    address = stated("URLDocView", "URL")
    return Item(
        text=joined(paragraphs),
        id=stated("RecordID", "GOID", "DocumentID") or record.get("id"),
        title=title,
        description=stated("Abstract"),
        byline="; ".join(authors) or None,
        authors=tuple(dict.fromkeys(authors)),
        language=language_tag(stated("LanguageCode", "RawLang", "Language")),
        published_at=day[0] if day else None,
        has_time=False,
        publisher=newspaper,
        section=stated("SectionHeading", "Section", "DocSection"),
        page=stated("StartPage", "PrintLocation", "Pagination"),
        topics=tuple(
            Topic("proquest", None, name)
            for name in map(text_of, all_named(record, "ClassTerm", "FlexTermValue"))
            if name
        ),
        genre=stated("ObjectType", "SourceType"),
        copyright=stated("Copyright", "CopyrightData"),
        stated_words=number_of(stated("WordCount")),
        urls=(address,) if address and ADDRESS.fullmatch(address) else (),
    )


def _is_publication(title: Element) -> bool:
    return any(
        (str(above.tag).lower().rpartition("}")[2]) in ("publication", "dfs", "pubfrosting")
        for above in title.iterancestors()
    )
