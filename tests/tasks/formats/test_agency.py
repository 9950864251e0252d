"""What agencies send: each format read as its standard says, with nothing of the metadata in the text."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO

import pytest

from newsmill.schemas.rows import Topic
from newsmill.schemas.words import Reason
from newsmill.tasks.formats.items import Fault, Item, PubStatus, is_short, unfit
from newsmill.tasks.formats.mail import read_mail, read_mbox
from newsmill.tasks.formats.names import authors_of
from newsmill.tasks.formats.newsml import read_newsml_g2
from newsmill.tasks.formats.newsml_1 import read_newsml_1
from newsmill.tasks.formats.ninjs import read_ninjs
from newsmill.tasks.formats.nitf import read_nitf
from newsmill.tasks.formats.wire import read_wire

Read = Callable[[BinaryIO], Iterator[Item | Fault]]


def read(reader: Read, content: str | bytes) -> list[Item | Fault]:
    return list(reader(io.BytesIO(content if isinstance(content, bytes) else content.encode())))


def one(reader: Read, content: str | bytes) -> Item:
    (item,) = read(reader, content)
    assert isinstance(item, Item), item
    return item


NITF = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xml:lang="en-GB">
 <head>
  <title>Working title</title>
  <meta name="anpa-wordcount" content="0021"/>
  <tobject tobject.type="news"><tobject.property tobject.property.type="Current"/>
   <tobject.subject tobject.subject.refnum="04005002" tobject.subject.matter="Oil"/></tobject>
  <docdata>
   <doc-id id-string="nw.1"/><urgency ed-urg="2"/>
   <date.issue norm="20240304T101500+0100"/><date.release norm="20240304T120000+0100"/>
   <evloc city="Tallinn" iso-cc="EE"/><du-key key="oil-port" version="3"/>
   <ed-msg info="Pictures follow"/><doc.copyright year="2024" holder="North Wire"/>
   <doc.rights limitations="no archive"/>
   <key-list><keyword key="oil"/><keyword key="ports"/></key-list>
  </docdata>
  <pubdata name="Morning Paper" position.section="Business" position.sequence="7"/>
 </head>
 <body>
  <body.head>
   <hedline><hl1>Oil port opens</hl1><hl2>First tanker moored</hl2></hedline>
   <byline>By <person>Ann Lee</person><byttl>Staff writer</byttl></byline>
   <dateline><location>TALLINN</location></dateline>
   <abstract><p>A port was opened.</p></abstract>
  </body.head>
  <body.content>
   <p>The port opened on&nbsp;Monday after a <em>long</em>
      delay.</p>
   <media media-type="image"><media-caption>The port</media-caption></media>
   <hl2>Prices</hl2>
   <table><tr><th>Day</th><th>Price</th></tr><tr><td>Mon</td><td>81.2</td></tr></table>
   <p>It is the third of its kind.</p>
  </body.content>
  <body.end><tagline>nw/al</tagline></body.end>
 </body>
</nitf>"""


def test_nitf() -> None:
    item = one(read_nitf, NITF)

    assert item.text == (
        "The port opened on Monday after a long delay.\n\nPrices\n\nDay | Price\nMon | 81.2\n\nIt "
        "is the third of its kind."
    )
    assert (item.title, item.subhead, item.description) == (
        "Oil port opens",
        "First tanker moored",
        "A port was opened.",
    )
    assert (item.id, item.version, item.language) == ("nw.1", 3, "en-gb")
    assert (item.byline, item.authors, item.dateline) == ("By Ann Lee Staff writer", ("Ann Lee",), "TALLINN")
    assert item.published_at == datetime(2024, 3, 4, 10, 15, tzinfo=timezone(timedelta(hours=1)))
    assert item.has_time
    assert item.embargoed_until == datetime(2024, 3, 4, 11, tzinfo=UTC)
    assert (item.publisher, item.section, item.page) == ("Morning Paper", "Business", "7")
    assert (item.slug, item.urgency, item.keywords) == ("oil-port", 2, ("oil", "ports"))
    assert item.topics == (Topic("subj", "04005002", "Oil"),)
    assert (item.places, item.genre, item.editor_note) == (("Tallinn, EE",), "Current", "Pictures follow")
    assert (item.copyright, item.usage_terms, item.stated_words) == ("2024 North Wire", "no archive", 21)


def test_a_canceled_nitf_is_a_kill_and_an_update_that_cancels_another_is_not() -> None:
    kill = NITF.replace("<docdata>", '<docdata management-status="canceled">')
    update = NITF.replace(
        "<docdata>",
        '<docdata management-status="canceled" management-doc-idref="nw.0" management-idref-status="canceled">',
    )

    assert one(read_nitf, kill).pub_status is PubStatus.CANCELED
    assert one(read_nitf, update).pub_status is PubStatus.USABLE


def test_lines_that_a_wire_broke_at_its_width_are_paragraphs_again() -> None:
    body = (
        "<p>   The minister of the interior said on Tuesday that <br/>the border to the north "
        "would be open by the end of<br/>June.</p>"
    )
    kept = "<p>Results:<br/>Lions 2<br/>Bears 1</p>"
    item = one(read_nitf, f"<nitf><body><body.content>{body}{kept}</body.content></body></nitf>")

    assert item.text == (
        "The minister of the interior said on Tuesday that the border to the north would be open "
        "by the end of June.\n\n"
        "Results:\nLions 2\nBears 1"
    )


G2 = """<?xml version="1.0"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2024-03-04T10:00:00Z</sent></header><itemSet>
<packageItem guid="pkg"><groupSet/></packageItem>
<newsItem guid="urn:newsml:nw:1" version="4" xml:lang="de">
 <rightsInfo><copyrightHolder literal="North Wire"/><copyrightNotice>(c) NW 2024</copyrightNotice>
  <usageTerms>Not for broadcast</usageTerms></rightsInfo>
 <itemMeta><itemClass qcode="ninat:text"/><provider qcode="prov:nw"/>
  <versionCreated>2024-03-04T11:00:00Z</versionCreated><firstCreated>2024-03-04T09:30:00+01:00</firstCreated>
  <embargoed>2024-03-04T12:00:00Z</embargoed><pubStatus qcode="stat:usable"/><edNote>Bild folgt</edNote></itemMeta>
 <contentMeta><urgency>3</urgency><located qcode="geo:b"><name>Berlin</name></located><language tag="de-AT"/>
  <genre qcode="genre:Current"><name>Aktuell</name></genre>
  <subject qcode="medtop:20000349"><name>Hafen</name></subject>
  <subject type="cpnat:geoArea" qcode="geo:ee"><name>Estland</name></subject>
  <slugline>hafen-oel</slugline><headline>Neuer Hafen</headline>
<headline role="hld:subHeadline">Tanker ist da</headline>
  <by>Von Jan Berg</by><creditline>nw</creditline><keyword>Hafen</keyword></contentMeta>
 <contentSet><inlineXML contenttype="application/xhtml+xml" wordcount="9">
  <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Neuer Hafen</title></head><body>
   <p>Von Jan Berg</p><p>Der Hafen ist offen.</p><ul><li>Erstens</li><li>Zweitens</li></ul></body></html>
 </inlineXML></contentSet>
</newsItem>
<newsItem guid="urn:newsml:nw:2" version="1"><itemMeta><itemClass qcode="ninat:picture"/>
 <versionCreated>2024-03-04T11:00:00Z</versionCreated></itemMeta>
 <contentMeta><headline>Hafen</headline></contentMeta>
 <contentSet><remoteContent contenttype="image/jpeg" href="a.jpg"/></contentSet></newsItem>
</itemSet></newsMessage>"""


def test_newsml_g2_with_xhtml() -> None:
    item, picture = read(read_newsml_g2, G2)

    assert isinstance(item, Item)
    assert item.text == "Der Hafen ist offen.\n\nErstens\n\nZweitens"
    assert (item.id, item.version, item.title, item.subhead) == ("urn:newsml:nw:1", 4, "Neuer Hafen", "Tanker ist da")
    assert (item.language, item.byline, item.authors) == ("de-at", "Von Jan Berg", ("Jan Berg",))
    assert item.published_at == datetime(2024, 3, 4, 8, 30, tzinfo=UTC)
    assert item.modified_at == datetime(2024, 3, 4, 11, tzinfo=UTC)
    assert item.embargoed_until == datetime(2024, 3, 4, 12, tzinfo=UTC)
    assert item.topics == (Topic("medtop", "20000349", "Hafen"), Topic("geo", "ee", "Estland"))
    assert (item.places, item.genre, item.keywords) == (("Berlin", "Estland"), "Aktuell", ("Hafen",))
    assert (item.slug, item.urgency, item.publisher, item.editor_note) == ("hafen-oel", 3, "nw", "Bild folgt")
    assert (item.copyright, item.usage_terms, item.stated_words) == ("(c) NW 2024", "Not for broadcast", 9)
    assert isinstance(picture, Item)
    assert unfit(picture, datetime(2025, 1, 1, tzinfo=UTC)) == Fault(
        Reason.NO_TEXT, "a picture item", "urn:newsml:nw:2"
    )


def test_newsml_g2_with_nitf_inside_and_a_package_alone() -> None:
    inside = NITF.split("?>", 1)[1].split('dtd">', 1)[1]
    message = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="2"><itemMeta>'
        '<pubStatus qcode="stat:canceled"/></itemMeta><contentSet><inlineXML contenttype="application/nitf+xml">'
        f"{inside.replace('&nbsp;', ' ')}</inlineXML></contentSet></newsItem>"
    )
    item = one(read_newsml_g2, message)
    package = '<packageItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="p"><groupSet/></packageItem>'

    assert (item.id, item.version, item.title, item.authors) == ("g", 2, "Oil port opens", ("Ann Lee",))
    assert item.text.startswith("The port opened on Monday")
    assert item.pub_status is PubStatus.CANCELED
    assert read(read_newsml_g2, package) == [Fault(Reason.NO_TEXT, "a package, which refers to items elsewhere", "p")]


def test_text_that_an_agency_laid_out_itself() -> None:
    laid_out = (
        "(Adds detail)\n    * One point\n    * Another\n\n    PARIS, March 4 (NW) - The "
        "port\nopened on Monday.\n    More."
    )
    message = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g"><contentSet><inlineXML>
      <html xmlns="http://www.w3.org/1999/xhtml"><body><p>{laid_out}</p></body></html></inlineXML></contentSet>
</newsItem>"""

    assert one(read_newsml_g2, message).text.split("\n\n") == [
        "(Adds detail)",
        "* One point",
        "* Another",
        "PARIS, March 4 (NW) - The port opened on Monday.",
        "More.",
    ]


NEWSML_1 = """<?xml version="1.0"?><NewsML><NewsItem xml:lang="fr">
<Identification><NewsIdentifier><ProviderId>nw.example</ProviderId><DateId>20240304</DateId>
<NewsItemId>ABC1</NewsItemId>
 <RevisionId PreviousRevision="1" Update="N">2</RevisionId>
 <PublicIdentifier>urn:newsml:nw.example:20240304:ABC1:2N</PublicIdentifier></NewsIdentifier><NameLabel>port</NameLabel>
</Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240304T101500Z</FirstCreated>
 <ThisRevisionCreated>20240304T111500Z</ThisRevisionCreated><Status FormalName="Usable"/><Urgency FormalName="4"/>
</NewsManagement>
<NewsComponent>
 <NewsLines><HeadLine>Le port ouvre</HeadLine><SubHeadLine>Un premier navire</SubHeadLine><ByLine>Par Luc Noir</ByLine>
  <DateLine>PARIS, 4 mars</DateLine><SlugLine>PORT</SlugLine><KeywordLine>port</KeywordLine>
  <CopyrightLine>NW 2024</CopyrightLine></NewsLines>
 <AdministrativeMetadata><Provider><Party FormalName="NW"/></Provider></AdministrativeMetadata>
 <DescriptiveMetadata><Language FormalName="fr"/><Genre FormalName="Current"/>
  <SubjectCode><Subject FormalName="04000000"/></SubjectCode>
  <Location><Property FormalName="City" Value="Brest"/><Property FormalName="Country" Value="FRA"/></Location>
 </DescriptiveMetadata>
 <NewsComponent><Role FormalName="Caption"/><ContentItem><MediaType FormalName="Text"/>
  <DataContent><p>Une photo du port, avec une légende bien plus longue que le texte de la dépêche elle-même.</p>
</DataContent>
 </ContentItem></NewsComponent>
 <NewsComponent><Role FormalName="Main"/><ContentItem><MediaType FormalName="Text"/>
  <DataContent><p>Le port est ouvert.</p><p>Un navire est là.</p></DataContent></ContentItem></NewsComponent>
</NewsComponent></NewsItem></NewsML>"""


def test_newsml_1_with_keywords_and_length_as_properties() -> None:
    about = '<Property FormalName="Keyword" Value="port"/><Property FormalName="Keyword" Value="ships"/>'
    content = """<ContentItem><MediaType FormalName="Text"/><Characteristics><Property FormalName="Words" Value="7"/>
</Characteristics><DataContent><p>The port is open.</p></DataContent></ContentItem>"""
    item = one(
        read_newsml_1,
        f"<NewsML><NewsItem><NewsComponent><DescriptiveMetadata>{about}</DescriptiveMetadata>{content}"
        "</NewsComponent></NewsItem></NewsML>",
    )

    assert (item.keywords, item.stated_words, item.text) == (("port", "ships"), 7, "The port is open.")


def test_newsml_1_with_markup_as_text_and_a_notice_below_it() -> None:
    markup = "&lt;P&gt;The port is open.&lt;/P&gt;&lt;P&gt;© North Wire. All rights reserved.&lt;/P&gt;"
    content = f"<ContentItem><DataContent>{markup}</DataContent></ContentItem>"
    item = one(
        read_newsml_1,
        f"<NewsML><NewsItem><NewsComponent><NewsComponent>{content}</NewsComponent></NewsComponent></NewsItem></NewsML>",
    )

    assert (item.text, item.copyright) == ("The port is open.", "© North Wire. All rights reserved.")


def test_a_body_that_stands_beside_its_item() -> None:
    item = {"altids": {"itemid": "a"}, "uri": "x", "type": "text", "headline": "Port opens"}
    answer = {"data": {"item": item}, "nitf": {"body_html": '<block id="Main"><p>The port is open.</p></block>'}}

    found = one(read_ninjs, json.dumps(answer))

    assert (found.id, found.title, found.text) == ("a", "Port opens", "The port is open.")


def test_plain_text_in_the_body_of_a_page() -> None:
    page = "<html><body>The port is open\nagain.\n\nShips are\nin.</body></html>"
    item = one(read_newsml_g2, f"<newsItem guid='g'><contentSet><inlineXML>{page}</inlineXML></contentSet></newsItem>")

    assert item.text == "The port is open again.\n\nShips are in."


def test_the_number_ahead_of_a_slug_is_no_part_of_it() -> None:
    body = "<body><body.content><p>It is.</p></body.content></body>"
    item = one(read_nitf, f"<nitf><head><title>12. PORT Opens</title></head>{body}</nitf>")

    assert item.title == "PORT Opens"


def test_newsml_1() -> None:
    item = one(read_newsml_1, NEWSML_1)

    assert item.text == "Le port est ouvert.\n\nUn navire est là."
    assert (item.id, item.version) == ("urn:newsml:nw.example:20240304:ABC1", 2)
    assert (item.title, item.subhead, item.byline) == ("Le port ouvre", "Un premier navire", "Par Luc Noir")
    assert (item.authors, item.dateline, item.language) == (("Luc Noir",), "PARIS, 4 mars", "fr")
    assert item.published_at == datetime(2024, 3, 4, 10, 15, tzinfo=UTC)
    assert item.modified_at == datetime(2024, 3, 4, 11, 15, tzinfo=UTC)
    assert (item.urgency, item.slug, item.keywords, item.publisher) == (4, "PORT", ("port",), "NW")
    assert item.topics == (Topic("subj", "04000000", None),)
    assert (item.places, item.genre, item.copyright) == (("Brest, FRA",), "Current", "NW 2024")


def newsml_1(component: str, identity: str = "") -> str:
    identifier = f"<Identification><NewsIdentifier>{identity}</NewsIdentifier></Identification>"
    return f"<NewsML><NewsItem>{identifier}{component}</NewsItem></NewsML>"


def part(role: str, text: str, attributes: str = "") -> str:
    content = f"<ContentItem {attributes}><DataContent>{text}</DataContent></ContentItem>"
    return f'<NewsComponent><Role FormalName="{role}"/>{content}</NewsComponent>'


def headed(title: str, parts: str, attributes: str = "") -> str:
    return f"<NewsComponent {attributes}><NewsLines><HeadLine>{title}</HeadLine></NewsLines>{parts}</NewsComponent>"


def test_each_component_with_a_headline_is_a_story() -> None:
    dutch = headed("De haven", part("Lead", "De haven is open.") + part("Body", "Een schip kwam."), 'xml:lang="nl"')
    french = headed("Le port", part("Title", "Le port") + part("Body", "Il est ouvert."), 'Duid="7" xml:lang="fr"')
    picture = headed("Een schip", part("Caption", "Een foto."))
    about = "<ProviderId>nw.example</ProviderId><NewsItemId>98</NewsItemId><RevisionId>4</RevisionId>"
    about += "<PublicIdentifier>urn:newsml:nw.example</PublicIdentifier>"

    found = read(read_newsml_1, newsml_1(headed("De haven", dutch + french + picture), about))

    assert [(item.id, item.title, item.language, item.text) for item in found if isinstance(item, Item)] == [
        ("nw.example:98", "De haven", "nl", "De haven is open.\n\nEen schip kwam."),
        ("nw.example:98#7", "Le port", "fr", "Il est ouvert."),
    ]


def test_an_item_of_too_many_texts_is_rejected() -> None:
    (fault,) = read(read_newsml_1, newsml_1(headed("A port", part("Body", "It is.") * 501)))

    assert isinstance(fault, Fault)
    assert fault.reason is Reason.TOO_LARGE


def test_the_parts_of_a_press_release() -> None:
    style = part("StyleSheet", ".c {}") + part("Contact", "<p>Ann Lee, 555</p>") + part("Abstract", "In short.")
    parts = style + part("HeadLine", "A port") + part("SubHeadLine", "<p>Ten ships</p>") + part("Body", "<p>It is.</p>")

    item = one(read_newsml_1, newsml_1(headed("A port", parts)))

    assert item.text == "It is.\n\nAnn Lee, 555"
    assert (item.title, item.subhead, item.description) == ("A port", "Ten ships", "In short.")


@pytest.mark.parametrize(
    "parts",
    [
        "<ContentItem><DataContent>It is open.</DataContent></ContentItem>"  # noqa: ISC004
        "<ContentItem><DataContent><p>It is open.</p></DataContent></ContentItem>",
        '<NewsComponent EquivalentsList="yes">'
        + part("Short", "It is.")
        + part("Long", "It is open.")
        + "</NewsComponent>",
    ],
    ids=["the same in two formats", "equivalents"],
)
def test_renditions_of_a_text_are_read_once(parts: str) -> None:
    assert one(read_newsml_1, newsml_1(headed("A port", parts))).text == "It is open."


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("<ProviderId>nw</ProviderId><NewsItemId>0</NewsItemId>", None),
        ("<ProviderId>nw</ProviderId><NewsItemId>7</NewsItemId>", "nw:7"),
        (
            "<PublicIdentifier>urn:newsml:nw:20240304:A:3</PublicIdentifier><RevisionId>3</RevisionId>",
            "urn:newsml:nw:20240304:A",
        ),
    ],
    ids=["a number that stands for none", "provider and item", "public identifier"],
)
def test_what_names_a_newsml_1_item(identity: str, expected: str | None) -> None:
    assert one(read_newsml_1, newsml_1(headed("A port", part("Main", "It is.")), identity)).id == expected


def test_the_day_of_an_identifier_where_no_time_is_stated() -> None:
    item = one(
        read_newsml_1, newsml_1(headed("A port", part("Main", "It is.")), "<DateId>2024-04-17 13:00:00</DateId>")
    )

    assert item.published_at == datetime(2024, 4, 17, 13, tzinfo=UTC)


def test_a_dtd_that_names_another_outside_is_no_danger() -> None:
    subset = '[<!ENTITY % nitf SYSTEM "../dtd/nitf-3-0.dtd"> %nitf;]'
    content = newsml_1(
        headed("A port", part("Main", "<nitf><body><body.content><p>It&nbsp;is.</p></body.content></body></nitf>"))
    )

    assert one(read_newsml_1, f'<!DOCTYPE NewsML PUBLIC "urn:newsml" "n.dtd" {subset}>{content}').text == "It is."


def g2(content: str, about: str = "<headline>Port opens</headline>", meta: str = "") -> str:
    about = f"<itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta>"
    return f'<newsItem guid="g">{about}<contentSet>{content}</contentSet></newsItem>'


HEADER = "<header><ul><li>Ports</li></ul><h1>Port opens</h1></header>"
TT = """<BODY><TEXT><RUBRIK>Port opens</RUBRIK><DAT><ORT>EU</ORT></DAT><CITAT>It is.</CITAT><CITAT>Yes.</CITAT>
<BYLINE>Ann Lee/NW</BYLINE><BILD><BILDTEXT>A ship</BILDTEXT></BILD></TEXT></BODY>"""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            f"<inlineXML><html><body>{HEADER}<section><p>It is open.</p></section></body></html></inlineXML>",
            "It is open.",
        ),
        ("<inlineXML><html><body><header><p>It is open.</p></header></body></html></inlineXML>", "It is open."),
        (f"<inlineXML>{TT}</inlineXML>", "It is.\n\nYes."),
        ("<inlineXML><body><p>It <x>is</x> open.</p></body></inlineXML>", "It is open."),
        ("<inlineXML><body><body.content><![CDATA[It is<BR>open]]></body.content></body></inlineXML>", "It is\nopen"),
        ('<inlineData encoding="base64">SXQgaXMu</inlineData>', "It is."),
        ('<inlineData encoding="base64">S</inlineData>', ""),
        ("<inlineData>It &lt;b&gt;is&lt;/b&gt; open.\n\nYes.</inlineData>", "It is open.\n\nYes."),
    ],
    ids=[
        "header of a page",
        "header without a headline",
        "elements of an agency's own",
        "and among words",
        "markup as text",
        "base64",
        "broken base64",
        "plain text with bold words",
    ],
)
def test_what_stands_in_a_g2_item(content: str, expected: str) -> None:
    assert one(read_newsml_g2, g2(content)).text == expected


def test_entities_that_were_escaped_twice() -> None:
    page = "<body><p>It is 4 o&amp;#39;clock, &amp;quot;yes&amp;quot; &amp; R&amp;D.</p></body>"
    item = one(read_newsml_g2, g2(f"<inlineXML>{page}</inlineXML>", "<headline>Ann&amp;#39;s port</headline>"))

    assert (item.title, item.text) == ("Ann's port", 'It is 4 o\'clock, "yes" & R&D.')


@pytest.mark.parametrize(
    ("last", "text"), [("al/be/nw", "It is."), ("And/or", "It is.\n\nAnd/or"), ("yes", "It is.\n\nyes")]
)
def test_initials_that_close_a_message(last: str, text: str) -> None:
    body = f"<body><body.content><p>It is.</p><p>{last}</p></body.content></body>"

    assert one(read_nitf, f"<nitf>{body}</nitf>").text == text
    assert one(read_newsml_1, newsml_1(headed("A port", part("Main", f"<nitf>{body}</nitf>")))).text == text


def test_a_name_for_an_item_is_its_slug_and_no_headline() -> None:
    content = "<NewsItem><Identification><NameLabel>ALERT</NameLabel></Identification><NewsComponent/></NewsItem>"
    item = one(read_newsml_1, f"<NewsML>{content}</NewsML>")

    assert (item.title, item.slug) == (None, "ALERT")


def test_the_headline_of_a_page_where_the_item_has_none() -> None:
    page = "<html><head><title>Port opens</title></head><body><h1>Port opens</h1><p>It is.</p></body></html>"
    item = one(read_newsml_g2, g2(f"<inlineXML>{page}</inlineXML>", about="<headline/>"))

    assert (item.title, item.text) == ("Port opens", "It is.")


def test_links_to_other_things_are_no_address_of_the_item() -> None:
    links = '<link rel="irel:seeAlso" href="https://a.example/1"/><link href="https://a.example/2"/>'
    item = one(read_newsml_g2, g2("", meta=links + '<link rel="irel:sameAs" href="https://a.example/own"/>'))

    assert item.urls == ("https://a.example/own",)


def test_all_notes_for_editors_are_kept_once() -> None:
    notes = "<edNote><p>Note</p><p>Call Ann</p></edNote><edNote>Call Ann</edNote><edNote>The end</edNote>"

    assert one(read_newsml_g2, g2("", meta=notes)).editor_note == "Note Call Ann The end"


def test_a_second_headline_is_the_subhead() -> None:
    about = "<headline>Port opens</headline><headline>Ten ships</headline>"
    item = one(
        read_newsml_g2,
        g2("<inlineXML><body><h1>Port opens</h1><h2>Ten ships</h2><p>It is.</p></body></inlineXML>", about),
    )

    assert (item.title, item.subhead, item.text) == ("Port opens", "Ten ships", "It is.")


NITF_OF = "<nitf><body><body.head><hedline><hl1>Port {}</hl1></hedline></body.head></body></nitf>"
G2_OF = '<newsItem guid="g{}"><contentMeta><headline>Port {}</headline></contentMeta></newsItem>'
NEWSML_OF = "<NewsItem><NewsComponent><NewsLines><HeadLine>Port {}</HeadLine></NewsLines></NewsComponent></NewsItem>"


@pytest.mark.parametrize(
    ("reader", "record"),
    [(read_nitf, NITF_OF), (read_newsml_g2, G2_OF), (read_newsml_1, NEWSML_OF)],
    ids=["nitf", "newsml-g2", "newsml-1"],
)
@pytest.mark.parametrize("bound", [8_000_000, 200], ids=["parsed whole", "as a stream"])
def test_many_items_in_one_file(reader: Read, record: str, bound: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsmill.tasks.formats.xml.MAX_FORGIVEN", bound)
    content = "<all>" + "".join(record.replace("{}", str(number)) for number in range(3))

    whole = read(reader, content + "</all>")
    cut = read(reader, content)

    titles = ["Port 0", "Port 1", "Port 2"]
    assert [item.title for item in whole if isinstance(item, Item)] == titles
    assert [item.title for item in cut[:-1] if isinstance(item, Item)] == titles
    assert isinstance(cut[-1], Fault)
    assert cut[-1].reason is Reason.DAMAGED


@pytest.mark.parametrize(
    "content",
    [
        "<nitf><body><body.content><![CDATA[<p>It is.</p><p>Yes.</p>]]></body.content></body></nitf>",
        "<Publication><nitf><body.content><block><p>It is.</p><p>Yes.</p></block></body.content></nitf></Publication>",
        "<nitf><head><title>x</title></head><p>It is.</p><p>Yes.</p></nitf>",
    ],
    ids=["markup as text", "no body", "no body and no content"],
)
def test_where_nitf_has_its_text(content: str) -> None:
    assert one(read_nitf, content).text == "It is.\n\nYes."


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<byttl>By Ann Lee</byttl>", ("Ann Lee",)),
        ("<byttl>Sports Net</byttl>", ()),
        ("Ann Lee <byttl>Sports Net</byttl>", ("Ann Lee",)),
    ],
)
def test_whom_a_byline_of_nitf_names(byline: str, expected: tuple[str, ...]) -> None:
    assert (
        one(read_nitf, f"<nitf><body><body.head><byline>{byline}</byline></body.head></body></nitf>").authors
        == expected
    )


def test_nitf_without_a_content_of_its_body_and_in_a_wrong_encoding() -> None:
    content = '<nitf baselang="de-AT"><head><title>Häfen</title></head><body><p>Für alle.</p></body></nitf>'
    item = one(read_nitf, f'<?xml version="1.0" encoding="utf-8"?>{content}'.encode("latin-1"))

    assert (item.title, item.language, item.text) == ("Häfen", "de-at", "Für alle.")


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ann Lee and Bo Ek, Political Editor", ("Ann Lee", "Bo Ek")),
        ("Ann Lee / Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Ann Lee/NW", ("Ann Lee",)),
        ("VON ANN LEE(Texte und Bilder)", ("Ann Lee",)),
        ("Ann d'Ek", ("Ann d'Ek",)),
        ("Capt (Retd) Ann Lee", ("Capt (Retd) Ann Lee",)),
        ("ann lee", ("ann lee",)),
        ("al/be/nw", ()),
        ("Situation serious, ready for all", ()),
        ("The Associated Press", ()),
    ],
)
def test_the_persons_of_a_byline(byline: str, expected: tuple[str, ...]) -> None:
    assert authors_of(byline) == expected


def test_the_richest_body_is_read() -> None:
    plain = {"contenttype": "text/plain", "value": "Port opens\nEU\nIt is.\nYes."}
    bodies = [plain, {"contentType": "text/html", "value": "<h1>Port opens</h1><p>It is.</p><p>Yes.</p>"}]
    record = {"uri": "x:1", "pubstatus": "usable", "headlines": [{"value": "Port opens"}], "bodies": bodies}

    item = one(read_ninjs, json.dumps(record | {"subjects": [{"literal": "16000000", "name": "War"}]}))

    assert (item.text, item.topics) == ("It is.\n\nYes.", (Topic("subj", "16000000", "War"),))


def test_people_that_are_authors() -> None:
    people = [{"name": "Ann Lee", "rel": "author"}, {"name": "Bo Ek", "rel": "about"}]
    record = {"uri": "x:1", "pubstatus": "usable", "headline": "Port", "body_text": "It is.", "people": people}

    assert one(read_ninjs, json.dumps(record)).authors == ("Ann Lee",)


def test_lines_that_no_width_broke_are_paragraphs() -> None:
    long = "The port is open again. " * 10
    record = {"uri": "x:1", "pubstatus": "usable", "headline": "Port", "body_text": f"{long}\nIt is.\n{long}"}

    assert one(read_ninjs, json.dumps(record)).text.split("\n\n") == [long.strip(), "It is.", long.strip()]


@pytest.mark.parametrize(
    "record",
    [
        {
            "uri": "http://nw.example/1",
            "type": "text",
            "versioncreated": "2024-03-04T10:00:00Z",
            "pubstatus": "withheld",
            "headline": "Port opens",
            "body_html": "<p>One.</p><p>Two &amp; three.</p>",
            "byline": "By Ann Lee",
            "language": "en",
            "subject": [{"code": "20000349", "name": "port"}],
            "place": [{"name": "Brest"}],
            "slugline": "port",
            "ednote": "check",
            "usageterms": "web only",
        },
        {
            "uri": "http://nw.example/1",
            "standard": {"name": "ninjs", "version": "2.1"},
            "type": "text",
            "versioncreated": "2024-03-04T10:00:00Z",
            "pubstatus": "withheld",
            "headlines": [{"role": "short", "value": "Port"}, {"role": "main", "value": "Port opens"}],
            "bodies": [{"contenttype": "text/html", "wordcount": 4, "value": "<p>One.</p><p>Two &amp; three.</p>"}],
            "by": "By Ann Lee",
            "language": "en",
            "subjects": [{"name": "port", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000349"}],
            "places": [{"name": "Brest"}],
            "slugline": "port",
            "ednote": "check",
            "usageterms": "web only",
        },
        {
            "uri": "http://nw.example/1",
            "standard": {"name": "ninjs", "version": "3.0"},
            "type": "text",
            "versionCreated": "2024-03-04T10:00:00Z",
            "pubStatus": "withheld",
            "headlines": [{"value": "Port opens"}],
            "bodies": [{"contentType": "text/html", "value": "<p>One.</p><p>Two &amp; three.</p>"}],
            "by": "By Ann Lee",
            "language": "en",
            "subjects": [{"name": "port", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000349"}],
            "places": [{"name": "Brest"}],
            "slugline": "port",
            "edNote": "check",
            "usageTerms": "web only",
        },
        {
            "data": {
                "item": {
                    "altids": {"itemid": "http://nw.example/1", "etag": "x"},
                    "type": "text",
                    "versioncreated": "2024-03-04T10:00:00Z",
                    "pubstatus": "withheld",
                    "headline": "Port opens",
                    "body_nitf": "<nitf><body><body.content><p>One.</p><p>Two &amp; "
                    "three.</p></body.content></body></nitf>",
                    "bylines": [{"by": "By Ann Lee", "title": "Staff"}],
                    "language": "en",
                    "subject": [
                        {"name": "port", "scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "20000349"}
                    ],
                    "place": [{"name": "Brest"}],
                    "slugline": "port",
                    "ednote": "check",
                    "usageterms": ["web only"],
                }
            }
        },
    ],
    ids=["ninjs 1", "ninjs 2", "ninjs 3", "AP"],
)
def test_news_in_json(record: object) -> None:
    item = one(read_ninjs, json.dumps(record))

    assert (item.text, item.title, item.id) == ("One.\n\nTwo & three.", "Port opens", "http://nw.example/1")
    assert (item.byline, item.authors, item.language) == ("By Ann Lee", ("Ann Lee",), "en")
    assert item.published_at == datetime(2024, 3, 4, 10, tzinfo=UTC)
    assert item.pub_status is PubStatus.WITHHELD
    assert item.topics == (Topic("medtop", "20000349", "port"),)
    assert (item.places, item.slug, item.editor_note, item.usage_terms) == (("Brest",), "port", "check", "web only")


IPTC_7901 = (
    "\x01nwa0123 3 pl 45  nw 0815\r\n\r\nPolitik/Hafen/\r\n(Zusammenfassung 1100)\r\nNeuer Hafen geöffnet\r\n=\r\n\x02"
    "\r\nVon Jan Berg, NW\r\n=\r\n   Tallinn (nw) - Der Hafen ist am Montag nach langem Warten\r\ngeöffnet worden.\r\n"
    "   Ein Schiff ist da.\r\n\x03\r\n041015 Mrz 24\r\n\x04"
)


def test_iptc_7901() -> None:
    item = one(read_wire, IPTC_7901.encode("cp1252"))

    assert (
        item.text == "Tallinn (nw) - Der Hafen ist am Montag nach langem Warten geöffnet worden.\n\nEin Schiff ist da."
    )
    assert (item.id, item.title, item.byline) == ("nwa0123", "Neuer Hafen geöffnet", "Von Jan Berg, NW")
    assert item.published_at == datetime(2024, 3, 4, 10, 15, tzinfo=UTC)
    assert (item.slug, item.urgency, item.section, item.stated_words) == ("Politik/Hafen/", 3, "pl", 45)
    assert item.editor_note == "(Zusammenfassung 1100)"


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        (
            "nwa1 4 pl 150 FRA /NW-1\nPort-France\nPort of Brest opens\n",
            "   The port is open\nagain.\n   Ships are in.\n   nw/al\n",
            ("Port of Brest opens", "The port is open again.\n\nShips are in.", None),
        ),
        (
            "nwa1 3 wi 88 nw 0123\n\nHafen/Verkehr/\nDer Hafen ist offen =\n",
            " Brest (nw) - Der Hafen ist\noffen.\n\n# Notizblock\n- Tel. 1\n\n* * * *\ndpa al n1 xx\n",
            ("Der Hafen ist offen", "Brest (nw) - Der Hafen ist offen.", "# Notizblock - Tel. 1 * * * *"),
        ),
        (
            "nwa1 3 p 88 port\nPORT OPENS/\n",
            "Port of Brest opens\nThe port is open\nagain.\nThe following information is not for publication\nCall.\n",
            (
                "Port of Brest opens",
                "The port is open again.",
                "The following information is not for publication Call.",
            ),
        ),
    ],
    ids=["indented", "closed-by-a-mark", "headline-opens-the-text"],
)
def test_where_wires_have_their_headline(header: str, text: str, expected: tuple[str, str, str | None]) -> None:
    item = one(read_wire, f"\x01{header}\x02{text}\x03041000 GMT MAR 24\n\x04".encode())

    assert (item.title, item.text, item.editor_note) == expected
    assert item.published_at == datetime(2024, 3, 4, 10, tzinfo=UTC)


ANPA = (
    "\x16\x16\x01a0456\x1fbc-nw-\r\nu i \x13\x11BC-Port-Opening, 1st Ld-Writethru\x14 03-04 0045\r\n\x02"
    "^BC-Port-Opening, 1st Ld-Writethru,45<\r\n^Eds: UPDATES with details.<\r\n^Port opens after long delay<\r\n"
    "^By ANN LEE=\r\n^North Wire Writer=\r\n   TALLINN (AP) _ The port opened on Monday after a\r\nlong delay.\r\n"
    "   A ship is there.\r\n\x03\r\nAP-NY-03-04-24 1015EST<\r\n\x04"
)


def test_anpa_1312() -> None:
    item = one(read_wire, ANPA)

    assert item.text == "TALLINN (AP) _ The port opened on Monday after a long delay.\n\nA ship is there."
    assert (item.id, item.title, item.byline) == ("a0456", "Port opens after long delay", "By ANN LEE")
    assert item.authors == ("Ann Lee",)
    assert item.published_at == datetime(2024, 3, 4, 15, 15, tzinfo=UTC)
    assert (item.slug, item.urgency, item.section, item.stated_words) == (
        "BC-Port-Opening, 1st Ld-Writethru",
        3,
        "i",
        45,
    )
    assert item.editor_note == "Eds: UPDATES with details."


def test_messages_of_a_wire_and_one_that_is_cut() -> None:
    first, second = read(read_wire, IPTC_7901 + IPTC_7901.partition("\x03")[0])

    assert isinstance(first, Item)
    assert second == Fault(Reason.DAMAGED, "a message of the wire that is cut short")


MAIL = b"""From: North Wire <desk@wire.example>
To: news@paper.example
Subject: =?utf-8?q?Port_ge=C3=B6ffnet?=
Date: Mon, 04 Mar 2024 10:15:00 +0100
Message-ID: <1@wire.example>
Content-Language: de
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Der Hafen ist ge=C3=B6ffnet, und die
Schiffe kommen.

Ein zweiter Absatz.
--=20
North Wire
--b
Content-Type: text/html; charset=utf-8

<p>Der Hafen</p>
--b--
"""


def test_mail_and_a_mailbox() -> None:
    item = one(read_mail, MAIL)
    box = b"From desk@wire.example Mon Mar  4 10:15:00 2024\n" + MAIL + b"\n"

    assert item.text == "Der Hafen ist geöffnet, und die Schiffe kommen.\n\nEin zweiter Absatz."
    assert (item.title, item.publisher, item.id, item.language) == (
        "Port geöffnet",
        "North Wire",
        "1@wire.example",
        "de",
    )
    assert item.published_at == datetime(2024, 3, 4, 9, 15, tzinfo=UTC)
    assert read(read_mbox, box * 3) == [item] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: 8bit\n\n\xdcber alles offen.\n",
        b"Content-Type: text/html; charset=iso-8859-1\n\n<h1>Hafen</h1><p>&Uuml;ber alles offen.</p>\n",
    ],
    ids=["a character set that nobody knows", "the subject once more"],
)
def test_the_text_of_a_mail(content: bytes) -> None:
    item = one(read_mail, b"From: A <a@b.example>\nSubject: Hafen\nMIME-Version: 1.0\n" + content)

    assert (item.title, item.text) == ("Hafen", "Über alles offen.")


def test_mail_of_many_parts_is_rejected_unread() -> None:
    head = b'From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary="b"\n\n'
    (fault,) = read(read_mail, head + b"--b\n\nx\n" * 300_000 + b"--b--\n")

    assert isinstance(fault, Fault)
    assert fault.reason is Reason.TOO_LARGE


def test_mail_with_parts_within_parts_is_rejected() -> None:
    nested = b"X: y\n"
    for level in range(60):
        nested = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) + nested
    (fault,) = read(read_mail, b"From: a@b.example\nSubject: x\n" + nested)

    assert isinstance(fault, Fault)
    assert fault.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nitf>&b;</nitf>',
            Reason.DAMAGED,
        ),
        (
            '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>',
            Reason.DAMAGED,
        ),
        (NITF[:900], Reason.DAMAGED),
        ("", Reason.EMPTY),
    ],
    ids=["entities that grow", "entities from elsewhere", "cut", "empty"],
)
def test_hostile_and_broken_xml_is_rejected(content: str, reason: Reason) -> None:
    (fault,) = read(read_nitf, content)

    assert isinstance(fault, Fault)
    assert fault.reason is reason


def test_what_makes_an_item_unfit() -> None:
    now = datetime(2024, 3, 4, 12, tzinfo=UTC)
    later = datetime(2024, 3, 4, 13, tzinfo=UTC)

    assert unfit(Item(text="a"), now) is None
    assert unfit(Item(text="a", embargoed_until=now), now) is None
    assert unfit(Item(text="a", id="i", embargoed_until=later), now) == Fault(
        Reason.EMBARGOED, "until 2024-03-04T13:00+00:00", "i"
    )
    for status in (PubStatus.CANCELED, PubStatus.WITHHELD):
        fault = unfit(Item(text="a", pub_status=status), now)
        assert fault is not None
        assert fault.reason is Reason.WITHDRAWN


@pytest.mark.parametrize(
    ("item", "detail"),
    [
        (Item(text="", media="picture", title="A ship"), "a picture item"),
        (Item(text="", title="A ship"), "headline and description alone"),
        (Item(text="", copyright="Copyright 2009 Port"), "nothing but its copyright: Copyright 2009 Port"),
        (Item(text=""), "no text"),
    ],
)
def test_what_is_said_of_an_item_without_text(item: Item, detail: str) -> None:
    assert unfit(item, datetime(2024, 3, 4, tzinfo=UTC)) == Fault(Reason.NO_TEXT, detail)


@pytest.mark.parametrize(("words", "expected"), [(None, False), (10, False), (9, False), (12, True)])
def test_a_text_shorter_than_stated(words: int | None, expected: bool) -> None:
    assert is_short("a b c d e f g h i j", words) is expected
