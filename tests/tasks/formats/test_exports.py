"""What archives export: one file, many articles, each with headline, newspaper and day, and none of it in its text."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import BinaryIO

import pytest

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.defacto import is_source, read_defacto_lines
from newsmill.tasks.formats.factiva import read_factiva_lines
from newsmill.tasks.formats.items import Fault, Item
from newsmill.tasks.formats.reading import read
from newsmill.tasks.formats.recognise import Format, recognise

Read = Callable[[BinaryIO], Iterator[Item | Fault]]


def items(content: str | bytes, expected: Format) -> list[Item | Fault]:
    raw = content if isinstance(content, bytes) else content.encode()
    assert recognise(raw) is expected
    return list(read(io.BytesIO(raw), expected))


def whole(found: list[Item | Fault]) -> list[Item]:
    assert all(isinstance(one, Item) for one in found), found
    return [one for one in found if isinstance(one, Item)]


NEXIS = """


Download Request: Select Items: 1-2
Time Of Request: Monday, March 4, 2024

Terms: (port)


                               1 of 2 DOCUMENTS


                             The Daily Port (London)

                          March 4, 2024 Monday 6:10 PM GMT
                               First Edition

Port opens after long delay;
Ships are there

BYLINE: Ann Lee and Bo Ek

SECTION: NEWS; Pg. 7

LENGTH: 18 words

HIGHLIGHT: A port was opened.

The port of the town opened on Monday after a delay that lasted for
twelve years.

A second paragraph follows.

LOAD-DATE: March 5, 2024

LANGUAGE: ENGLISH

SUBJECT: PORTS (90%); SHIPPING (75%)

GEOGRAPHIC: TALLINN, ESTONIA (92%)

PUBLICATION-TYPE: Newspaper


                        Copyright 2024 Daily Port Ltd
                              All Rights Reserved

                               2 of 2 DOCUMENTS


                        Copyright 2024 Hafenbote GmbH
                           Alle Rechte Vorbehalten

                                  Hafenbote

                            Dienstag 5. März 2024

Der Hafen ist offen

AUTOR: Jan Berg

RUBRIK: POLITIK; S. 3

LÄNGE: 9 Wörter

Der Hafen ist nach zwölf Jahren endlich offen gewesen.

UPDATE: 6. März 2024

SPRACHE: GERMAN; DEUTSCH

PUBLICATION-TYPE: Zeitung
"""


def test_nexis_text() -> None:
    first, second = whole(items(NEXIS, Format.NEXIS_TEXT))

    assert first.text == (
        "The port of the town opened on Monday after a delay that lasted for twelve years.\n\nA "
        "second paragraph follows."
    )
    assert (first.title, first.subhead) == ("Port opens after long delay", "Ships are there")
    assert (first.publisher, first.section, first.page) == ("The Daily Port (London)", "NEWS", "7")
    assert first.published_at == datetime(2024, 3, 4, 18, 10, tzinfo=UTC)
    assert (first.byline, first.authors) == ("Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek"))
    assert (first.language, first.stated_words) == ("en", 18)
    assert first.topics == (Topic("nexis", None, "PORTS"), Topic("nexis", None, "SHIPPING"))
    assert first.places == ("TALLINN, ESTONIA",)
    assert first.copyright == "Copyright 2024 Daily Port Ltd All Rights Reserved"
    assert (second.title, second.publisher, second.published_on) == (
        "Der Hafen ist offen",
        "Hafenbote",
        date(2024, 3, 5),
    )
    assert (second.text, second.byline) == ("Der Hafen ist nach zwölf Jahren endlich offen gewesen.", "Jan Berg")
    assert (second.section, second.page, second.language) == ("POLITIK", "3", "de")
    assert not second.has_time


def test_nexis_text_in_the_encoding_of_windows() -> None:
    assert whole(items(NEXIS.encode("cp1252"), Format.NEXIS_TEXT)) == whole(items(NEXIS, Format.NEXIS_TEXT))


@pytest.mark.parametrize(
    ("marker", "labels"),
    [
        ("1 de 1 DOCUMENT", {"section": "RUBRIQUE", "length": "LONGUEUR", "words": "mots", "load": "DATE-CHARGEMENT"}),
        ("1 van 1 DOCUMENTEN", {"section": "SECTIE", "length": "LENGTE", "words": "woorden", "load": "LAAD-DATUM"}),
        ("1 von 1 DOKUMENTEN", {"section": "RUBRIK", "length": "LÄNGE", "words": "Wörter", "load": "UPDATE"}),
        ("1 de 1 DOCUMENTOS", {"section": "SECCIÓN", "length": "LONGITUD", "words": "palabras", "load": "FECHA-CARGA"}),
        ("Dokument 1 von 1", {"section": "RUBRIK", "length": "LÄNGE", "words": "Wörter", "load": "UPDATE"}),
        ("FOCUS - 1 of 1 DOCUMENTS", {"section": "SECTION", "length": "LENGTH", "words": "words", "load": "LOAD-DATE"}),
    ],
    ids=["French", "Dutch", "German", "Spanish", "number-behind", "focus"],
)
def test_interfaces_of_nexis(marker: str, labels: dict[str, str]) -> None:
    export = (
        f"                {marker}\n\n\n      Le Port\n\n      4 mars 2024 lundi\n\nUn "
        f"port\n\n{labels['section']}: MONDE; Pg. 2\n\n"
        f"{labels['length']}: 4 {labels['words']}\n\nUn port est ouvert.\n\n{labels['load']}: 5 mars 2024\n"
    )
    (item,) = whole(items(export, Format.NEXIS_TEXT))

    assert (item.title, item.text, item.publisher) == ("Un port", "Un port est ouvert.", "Le Port")
    assert (item.section, item.page, item.stated_words, item.published_on) == ("MONDE", "2", 4, date(2024, 3, 4))


@pytest.mark.parametrize("issue", ["March 2024", "mars 2024", "Spring 2024", "Winter 2023/2024"])
def test_the_month_of_an_issue_is_neither_its_headline_nor_a_day(issue: str) -> None:
    export = (
        f"      1 of 1 DOCUMENTS\n\n\n      The Port\n\n      {issue}\n\nA port\n\nLENGTH: 4 words\n\nIt is open.\n"
    )

    (item,) = whole(items(export, Format.NEXIS_TEXT))

    assert (item.publisher, item.title, item.published_on) == ("The Port", "A port", None)
    assert item.text == "It is open."


def test_a_document_that_nexis_could_not_show_is_told() -> None:
    head = "Port opens\n\nThe Port\n\nMarch 4, 2024\n\n\nCopyright 2024 Port Ltd\n\nLength: 3 words"
    shown = f"{head}\n\nBody\n\nIt is open.\n"
    export = f"{shown}\nLoad-Date: March 5, 2024\n\nEnd of Document\n\nThere was an error.\n\nEnd of Document\n"

    item, fault = items(export, Format.NEXIS_TEXT)

    assert isinstance(item, Item)
    assert (item.title, item.text) == ("Port opens", "It is open.")
    assert fault == Fault(Reason.NO_TEXT, "a document that the archive did not show: There was an error.")


def nexis_html(number: int) -> str:
    return f"""<A NAME="DOC_ID_0_{number}"></A><!-- Hide XML section from browser
<DOC NUMBER={number}>
<DOCFULL> -->
<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{number} of 2 DOCUMENTS</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c2">The Daily Port</SPAN></P></DIV>
<BR><DIV CLASS="c3"><P CLASS="c1"><SPAN CLASS="c4">March</SPAN><SPAN CLASS="c2"> {number}, 2024 Monday</SPAN></P></DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">Port &amp; ships {number}</SPAN></P></DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LENGTH: </SPAN><SPAN CLASS="c2">5 words</SPAN></P></DIV>
<BR><DIV CLASS="c5"><P CLASS="c9"><SPAN CLASS="c2">The <B>port</B>
is open.</SPAN></P><P CLASS="c9"><SPAN CLASS="c2">Ships.</SPAN></P></DIV>
<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c8">LOAD-DATE: </SPAN><SPAN CLASS="c2">March 9, 2024</SPAN></P></DIV>
<BR><DIV CLASS="c0"><BR><P CLASS="c1"><SPAN CLASS="c2">Copyright 2024 Daily Port<BR>All Rights Reserved</SPAN></P></DIV>
<!-- Hide XML section from browser
</DOCFULL>
</DOC> -->"""


def test_nexis_html() -> None:
    page = f"<HTML><HEAD><!-- LXNComment 1 --></HEAD><BODY>{nexis_html(1)}{nexis_html(2)}</BODY></HTML>"
    first, second = whole(items(page, Format.NEXIS_HTML))

    assert (first.title, first.text) == ("Port & ships 1", "The port is open.\n\nShips.")
    assert (second.published_on, second.publisher) == (date(2024, 3, 2), "The Daily Port")
    assert second.copyright == "Copyright 2024 Daily Port All Rights Reserved"


def factiva_article(number: int, *, headline: str = "Port opens") -> str:
    return f"""<div id="article-PORTX0002024030{number}ek340000{number}" class="article">
<div class="article enArticle"><p>
<div>News</div>
<div id="hd"><span class='enHeadline'>{headline}</span>
</div><div class="author">By Ann Lee</div><div>1,234 words</div><div>{number} March 2024</div><div>10:15</div>
<div>The Daily Port</div><div>PORTX</div><div>First</div><div>7</div><div>English</div>
<div>(c) 2024 Daily Port Ltd </div>
</p>
<p class="articleParagraph enarticleParagraph">The port[http://port.example/a] is
open.</p>
<p class="articleParagraph enarticleParagraph">Ships.</p>
<p>Daily Port Ltd</p><p>Document PORTX0002024030{number}ek340000{number}</p></div></div><br/>"""


def factiva(*articles: str) -> str:
    return (
        f"<html><head><title>Factiva</title></head><body><div id='contentLeft'>{''.join(articles)}</div></body></html>"
    )


def test_factiva_html_as_articles() -> None:
    first, second = whole(items(factiva(factiva_article(4), factiva_article(5)), Format.FACTIVA_HTML))

    assert (first.title, first.text, first.byline) == ("Port opens", "The port is open.\n\nShips.", "By Ann Lee")
    assert (first.id, first.publisher, first.section, first.page) == (
        "PORTX00020240304ek3400004",
        "The Daily Port",
        "News",
        "7",
    )
    assert first.published_at == datetime(2024, 3, 4, 10, 15, tzinfo=UTC)
    assert (first.has_time, first.language, first.stated_words) == (True, "en", 1234)
    assert first.copyright == "(c) 2024 Daily Port Ltd"
    assert second.published_on == date(2024, 3, 5)


def test_factiva_html_as_fields() -> None:
    rows = [
        ("SE", "Monde"),
        ("HD", "<b class='frHeadline'>Un port</b>"),
        ("WC", "295 mots"),
        ("PD", "29 décembre 2023"),
        ("ET", "15:32"),
        ("SN", "Le Port"),
        ("PG", "26"),
        ("LA", "Français"),
        ("CY", "(c) Le Port"),
        ("LP", "<p>Premier.</p><p>Deuxième.</p>"),
        ("TD", "<p>Troisième.</p>"),
        ("NS", "gcat : Political/General News | gpol : Domestic Politics"),
        ("RE", "fra : France"),
        ("AN", "Document LEPORT0020231229ejct0001r"),
    ]
    table = "".join(f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>' for code, value in rows)
    (item,) = whole(items(factiva(f'<div class="article frArticle"><table>{table}</table></div>'), Format.FACTIVA_HTML))

    assert (item.title, item.text) == ("Un port", "Premier.\n\nDeuxième.\n\nTroisième.")
    assert item.published_at == datetime(2023, 12, 29, 15, 32, tzinfo=UTC)
    assert (item.publisher, item.section, item.page, item.language) == ("Le Port", "Monde", "26", "fr")
    assert (item.id, item.stated_words, item.places) == ("LEPORT0020231229ejct0001r", 295, ("France",))
    assert item.topics[0] == Topic("factiva", "gcat", "Political/General News")


FACTIVA_TEXT = """
Politics
Port opens after long delay
Ann Lee
18 words
4 March 2024
The Daily Port
PORTX
English
(c) 2024 Daily Port Ltd.

The port is open.

Ships.

Daily Port Ltd
Document PORTX00020240304ek3400001

Der Hafen ist offen
9 Wörter
5 März 2024
Hafenbote
HAFEN
Deutsch
Copyright 2024 Hafenbote

Der Hafen ist offen.

Dokument HAFEN00020240305ek3500001
"""


def test_factiva_text_as_articles() -> None:
    first, second = whole(items(FACTIVA_TEXT, Format.FACTIVA_TEXT))

    assert (first.section, first.title, first.byline) == ("Politics", "Port opens after long delay", "Ann Lee")
    assert (first.text, first.publisher, first.published_on) == (
        "The port is open.\n\nShips.",
        "The Daily Port",
        date(2024, 3, 4),
    )
    assert (second.title, second.text, second.language) == ("Der Hafen ist offen", "Der Hafen ist offen.", "de")


def test_factiva_text_as_fields() -> None:
    field_text = (
        "SE News\nHD Port opens\nBY Ann Lee\nWC 5 words\nPD 4 March 2024\nSN The Daily Port\nSC PORTX\nLA English\n"
        "CY (c) 2024\n\nLP \nThe port is open.\n\nTD \nShips.\n\nMore ships.\n\nAN Document PORTX00020240304ek3400001\n"
    )
    first, second = whole(items(field_text + "\n" + field_text.replace("Port opens", "Port shut"), Format.FACTIVA_TEXT))

    assert (first.title, first.text) == ("Port opens", "The port is open.\n\nShips.\n\nMore ships.")
    assert (first.byline, first.publisher, first.section) == ("Ann Lee", "The Daily Port", "News")
    assert second.title == "Port shut"


def test_factiva_xml() -> None:
    article = """<article accessionNo="PORTX00020240304ek3400001"><baseLanguage>en</baseLanguage><headline>
<para>Port opens</para>
    </headline><byline>By Ann Lee</byline><sourceName>The Daily Port</sourceName><wordCount>5</wordCount>
    <publicationDate><date>2024-03-04</date></publicationDate><leadParagraph><para>The port is open.</para>
</leadParagraph>
    <tailParagraphs><para>Ships.</para></tailParagraphs></article>"""
    export = f'<?xml version="1.0"?><ppsArticleSet>{article * 2}</ppsArticleSet>'
    first, _second = whole(items(export, Format.FACTIVA_XML))

    assert (first.title, first.text, first.id) == (
        "Port opens",
        "The port is open.\n\nShips.",
        "PORTX00020240304ek3400001",
    )
    assert (first.publisher, first.published_on, first.language) == ("The Daily Port", date(2024, 3, 4), "en")


PROQUEST = """____________________________________________________________

Report Information from ProQuest
4 March 2024
____________________________________________________________

Document 1 of 2

Port opens after long delay

Author: Lee, Ann

Publication info: The Daily Port ; London (UK) [London (UK)]. 04 Mar 2024: A.7.

ProQuest document link

Abstract: A port was opened.

Links: Linking Service

Full text: The port is open. One thing: it is late.

Ships.

Subject: Ports; Shipping

Location: Estonia

Title: Port opens after long delay

Publication title: The Daily Port; London (UK)

Pages: A.7

Publication date: Mar 4, 2024

Section: News

Language of publication: English

Document type: News

ProQuest document ID: 1234567

Document URL: https://www.proquest.example/docview/1234567

Copyright: Copyright Daily Port Ltd 2024

Last updated: 2024-03-05

Database: News
____________________________________________________________

Document 2 of 2

Der Hafen

Publication info: Hafenbote [Hamburg] 05 Mar 2024.

Full text: Der Hafen ist offen.

Publication title: Hafenbote

Publication date: Mar 5, 2024

ProQuest document ID: 1234568

____________________________________________________________

Contact us at: http://www.proquest.example
"""


def test_proquest_text() -> None:
    first, second = whole(items(PROQUEST, Format.PROQUEST_TEXT))

    assert first.text == "The port is open. One thing: it is late.\n\nShips."
    assert (first.title, first.byline, first.publisher) == ("Port opens after long delay", "Lee, Ann", "The Daily Port")
    assert (first.published_on, first.page, first.section) == (date(2024, 3, 4), "A.7", "News")
    assert (first.id, first.language, first.urls) == (
        "1234567",
        "en",
        ("https://www.proquest.example/docview/1234567",),
    )
    assert (first.description, first.places) == ("A port was opened.", ("Estonia",))
    assert (second.title, second.text, second.published_on) == ("Der Hafen", "Der Hafen ist offen.", date(2024, 3, 5))


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Lee, Ann", ("Ann Lee",)),
        ("Lee, Ann; Ek, Bo J.", ("Ann Lee", "Bo J. Ek")),
        ("Ann Lee", ("Ann Lee",)),
    ],
)
def test_authors_of_proquest_have_their_surnames_first(byline: str, authors: tuple[str, ...]) -> None:
    (item,) = whole(items(re.sub(r"(?m)^Author: .*$", f"Author: {byline}", PROQUEST), Format.PROQUEST_TEXT))[:1]

    assert item.authors == authors


def test_proquest_xml() -> None:
    record = """<RECORD><Version>1</Version><RecordID>99</RecordID><Title>Port opens</Title>
<AlphaPubDate>Mar 4, 2024</AlphaPubDate>
    <NumericPubDate>20240304</NumericPubDate><Publication><Title>The Daily Port</Title></Publication>
    <Contributor><ContribRole>Author</ContribRole><OriginalForm>Ann Lee</OriginalForm></Contributor>
    <LanguageCode>ENG</LanguageCode><StartPage>7</StartPage>
<FullText>&lt;p&gt;The port is open.&lt;/p&gt;&lt;p&gt;Ships.&lt;/p&gt;</FullText></RECORD>"""
    (item,) = whole(items(f'<?xml version="1.0"?>{record}', Format.PROQUEST_XML))

    assert (item.title, item.text, item.publisher) == ("Port opens", "The port is open.\n\nShips.", "The Daily Port")
    assert (item.id, item.authors, item.language, item.page) == ("99", ("Ann Lee",), "en", "7")
    assert item.published_on == date(2024, 3, 4)


def test_europresse_html() -> None:
    article = """<article><header>
    <div class="rdp__DocPublicationName"><span class="DocPublicationName">Le Port, no. 24123</span></div>
    <span class="DocHeader">Économie, mardi 5 mars 2024 1 234 mots, p. 14</span>
    <div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Le port <mark>ouvre</mark></p></div>
    <div class="sm-margin-bottomNews">Luc Noir</div></header>
    <section><div class="docOcurrContainer"><p>Le port est ouvert.</p><p>Des navires.</p></div></section>
    <footer><small>© 2024 Le Port. Tous droits réservés.</small>
<div class="publiC-lblNodoc">news·20240305·LP·0123</div></footer>
    </article>"""
    first, second = whole(items(f"<html><head></head><body>{article * 2}</body></html>", Format.EUROPRESSE_HTML))

    assert (first.title, first.text) == ("Le port ouvre", "Le port est ouvert.\n\nDes navires.")
    assert (first.publisher, first.section, first.page) == ("Le Port", "Économie", "14")
    assert (first.published_on, first.stated_words, first.byline) == (date(2024, 3, 5), 1234, "Luc Noir")
    assert first.id == "news·20240305·LP·0123"
    assert second == first


def test_mediargus_text() -> None:
    export = (
        "1. Haven is open\n\nDe Haven, 04 mrt. 2024, p. 14, 523w.\n\n\n2. Schepen\n\nHet Schip, 05 "
        "mrt. 2024, p. 3, 12w.\n\n\n\n\n\n\n"
        "De Haven\n\nBuitenland\n\nHaven is open\n\nDe haven is open.\n\nNog een alinea.\n\n© De Haven\n\n\n\n\n\n"
        "Het Schip\n\nSchepen\n\nEr zijn schepen.\n"
    )
    first, second = whole(items(export, Format.MEDIARGUS_TEXT))

    assert (first.title, first.text, first.section) == (
        "Haven is open",
        "De haven is open.\n\nNog een alinea.",
        "Buitenland",
    )
    assert (first.publisher, first.page, first.stated_words) == ("De Haven", "14", 523)
    assert first.published_on == date(2024, 3, 4)
    assert (second.title, second.text, second.publisher) == ("Schepen", "Er zijn schepen.", "Het Schip")


def test_mediargus_with_paragraphs_that_are_lines() -> None:
    listed = "\n\n\n".join(f"{n}. Haven {n}\n\nDe Haven, 0{n} mrt. 2024, p. {n}, 9w." for n in (1, 2))
    long = "De haven is open, zei de stad, en het is al weer de tweede keer. " * 3
    texts = "\n\n\n\n\n".join(f"\nDe Haven\nRegio\nHaven {n}\n0{n} mrt. 2024, p. {n}\n{long}\nEinde." for n in (1, 2))

    first, second = whole(items(f"{listed}\n\n\n\n\n\n{texts}", Format.MEDIARGUS_TEXT))

    assert (first.title, first.section, first.page) == ("Haven 1", "Regio", "1")
    assert first.text == f"{long.strip()}\n\nEinde."
    assert (second.title, second.published_on) == ("Haven 2", date(2024, 3, 2))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"Die Mole" vom 04.05.2009 Seite: 4', True),
        ('"Die Mole" Abendausgabe vom 15.Aug 2013', True),
        ("Mole Online gefunden am 05.05.2009 18.00 Uhr", True),
        ("Die Mole Nr. 12 vom 04.05.2009 Seite 4 Ressort: Chronik", True),
        ("Der Beschluss vom 11.05.2004 wurde aufgehoben.", False),
    ],
)
def test_a_sentence_with_a_day_opens_no_article_of_defacto(line: str, expected: bool) -> None:
    assert is_source(line) is expected


def test_defacto_names_a_medium_without_quotation_marks() -> None:
    entry = (
        '<div class="eintrag"><h3>Der Hafen</h3><pre>Hafen Online vom 04.03.2024 Ressort: Ort</pre><p>Offen.</p></div>'
    )
    (item,) = whole(items(f"<html><body>{entry}</body></html>", Format.DEFACTO_HTML))

    assert (item.publisher, item.section, item.published_on) == ("Hafen Online", "Ort", date(2024, 3, 4))


def test_defacto_html() -> None:
    entry = """<div class="eintrag"><pre>"Der Hafen" Nr. 12/2024 vom 04.03.2024 18.00 Uhr Seite: 14
Ressort: Politik</pre><h3>Der Hafen ist offen</h3><p>Der Hafen ist offen.</p><p>Schiffe sind da.</p></div>"""
    first, _second = whole(items(f"<html><body>{entry * 2}</body></html>", Format.DEFACTO_HTML))

    assert (first.title, first.text) == ("Der Hafen ist offen", "Der Hafen ist offen.\n\nSchiffe sind da.")
    assert (first.publisher, first.page, first.section) == ("Der Hafen", "14", "Politik")
    assert first.published_on == date(2024, 3, 4)


@pytest.mark.parametrize(
    ("export", "form"),
    [
        (factiva(factiva_article(4)) + '<div class="article enArticle"><p><div id="hd">Cut', Format.FACTIVA_HTML),
        (FACTIVA_TEXT.rpartition("Dokument")[0], Format.FACTIVA_TEXT),
    ],
    ids=["Factiva HTML", "Factiva text"],
)
def test_an_export_that_is_cut_gives_what_is_whole(export: str, form: Format) -> None:
    first, last = items(export, form)

    assert isinstance(first, Item)
    assert isinstance(last, Fault)
    assert last.reason is Reason.DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        b"A plain article.\n\nIt has two paragraphs: one, and this one.",
        b"<!doctype html><html><body><article><h1>Port</h1><p>Open.</p></article></body></html>",
        b'{"id": "1", "html": "<p>a</p>"}\n{"id": "2", "html": "<p>b</p>"}\n',
        b'{"id": "1", "html_b64": "YQ=="}\n',
        b"<rss><channel><item><title>a</title></item></channel></rss>",
        b"",
    ],
    ids=["text", "HTML", "pages in JSON lines", "pages in base64", "a feed", "nothing"],
)
def test_what_other_readers_take(content: bytes) -> None:
    assert recognise(content) is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("1 of 1 DOCUMENTS\n\n1" + " " * 200_000 + "x\n\nA: b\n", Format.NEXIS_TEXT),
        ("1 of 1 DOCUMENTS\n\n" + "LENGTH: 1 words\n\n" * 20_000, Format.NEXIS_TEXT),
        (factiva(factiva_article(4, headline="a " * 200_000)), Format.FACTIVA_HTML),
        (factiva("<div class='article enArticle'>" * 3000), Format.FACTIVA_HTML),
        ("<nitf>" + "<!---->" * 280 + "</nitf><!---->x", Format.NITF),
        ("\x01nwa0001 3 pl 1\n" + "a b " * 200_000 + "\x02x\x03", Format.WIRE),
    ],
    ids=["blanks", "labels", "a long headline", "nested articles", "comments", "a long header"],
)
def test_hostile_exports_take_no_time(content: str, form: Format) -> None:
    raw = content.encode()

    assert recognise(raw) is form
    assert list(read(io.BytesIO(raw), form))


CELL = """<table><tbody><tr><td><span class="DocPublicationName">Le Port, no. 12</span><br>
<span class="DocHeader">Mer, </span><span class="DocHeader">lundi </span><span class="DocHeader">3 juin 2012, </span>
<span class="DocHeader">p. 14</span><br><br><span class="TitreArticleVisu">Titre {0}</span><br>Jean Noir<br><br>
Le chapeau.<p>Le <i>port</i> est ouvert.</p>© 2012 Le Port. Tous droits réservés.<br>
<table><tbody><tr><td align="center">news·20120603·LP·000{0}</td></tr></tbody></table></td></tr></tbody></table>"""


def test_the_older_layout_of_europresse() -> None:
    first, second = whole(items(f"<html><body>{CELL.format(1)}{CELL.format(2)}</body></html>", Format.EUROPRESSE_HTML))

    assert (first.title, first.byline, first.publisher, first.section, first.page) == (
        "Titre 1", "Jean Noir", "Le Port", "Mer", "14",
    )  # fmt: skip
    assert first.published_on == date(2012, 6, 3)
    assert first.text == "Le chapeau.\n\nLe port est ouvert."
    assert (first.id, second.id) == ("news·20120603·LP·0001", "news·20120603·LP·0002")


def test_factiva_as_xml_with_a_lead_that_has_no_paragraphs() -> None:
    article = """<article><headline>Port</headline><leadParagraph>It is open.</leadParagraph>
<tailParagraphs><paragraph>Yes.</paragraph></tailParagraphs><region code="ee"><name>Estonia</name></region>
<newsSubject code="gcat"><name>Politics</name></newsSubject><publicationDate><date>2012-01-05</date></publicationDate>
<reference>distdoc:archive/ArchiveDoc::Article/PORT000020120105e8150008f</reference></article>"""
    (item,) = whole(items(f"<ppsArticleResponse>{article}</ppsArticleResponse>", Format.FACTIVA_XML))

    assert (item.text, item.id) == ("It is open.\n\nYes.", "PORT000020120105e8150008f")
    assert (item.topics, item.places) == ((Topic("factiva", "gcat", "Politics"),), ("Estonia",))


def test_a_headline_of_factiva_with_its_author_apart() -> None:
    facts = "12 words\n5 June 2018\nThe Port\nPORT\n14\nEnglish\n(c) 2018 Port"
    lines = f"Port opens\n\nAnn Lee\n{facts}\n\nIt is open.\n\nDocument PORT000020180605ee650000a".split("\n")
    (item,) = whole(list(read_factiva_lines(lines)))

    assert (item.title, item.byline, item.text) == ("Port opens", "Ann Lee", "It is open.")


TABLE = ['Quelle: | "Der Hafen" vom 11.05.2004  Seite: 40 |', "Ressort: | Chronik |"]
LONG = "Der Hafen der Stadt ist nach vielen Jahren offen. " * 6


def test_a_line_with_medium_and_day_below_the_text_of_a_page() -> None:
    page = ["Hafen offen", LONG, '"Der Hafen" vom 11.05.2004  Seite: 40']
    _first, second = whole(list(read_defacto_lines([*TABLE, *PAGE, "\f", *page])))

    assert (second.title, second.text, second.publisher) == ("Hafen offen", LONG.strip(), "Der Hafen")


PAGE = ["Hafen offen", "Er ist offen.", "Dauerhafte Adresse des Dokuments: http://a.example/1"]


@pytest.mark.parametrize("page", [[*TABLE, *PAGE], [*PAGE, *TABLE]], ids=["above", "below"])
def test_medium_and_day_in_a_table_of_a_page_of_defacto(page: list[str]) -> None:
    first, second = whole(list(read_defacto_lines([*page, "\f", *page])))

    expected = ("Hafen offen", "Er ist offen.", "Der Hafen", "Chronik", "40", ("http://a.example/1",))
    for item in (first, second):
        assert (item.title, item.text, item.publisher, item.section, item.page, item.urls) == expected


@pytest.mark.parametrize(
    "labels",
    [
        "Auteur|Informations sur la publication|Texte intégral|Titre de la publication|ID du document ProQuest",
        "Autor|Información de publicación|Texto completo|Título de publicación|ID del documento de ProQuest",
        "Autor|Publikationsinfo|Volltext|Titel der Publikation|ProQuest-Dokument-ID",
    ],
    ids=["French", "Spanish", "German"],
)
def test_proquest_in_other_languages(labels: str) -> None:
    author, info, text, paper, number = labels.split("|")
    rule = "_" * 60
    article = f"""Port opens

{author}: Lee, Ann

{info}: The Port ; Tallinn [Tallinn]04 Mar 2024: A.1.

{text}: It is open.

{paper}: The Port

{number}: 123

"""
    (item,) = whole(items(f"{rule}\n\n{article}{rule}\n\n{rule}\n", Format.PROQUEST_TEXT))

    assert (item.title, item.authors, item.text) == ("Port opens", ("Ann Lee",), "It is open.")
    assert (item.publisher, item.published_on, item.id) == ("The Port", date(2024, 3, 4), "123")
