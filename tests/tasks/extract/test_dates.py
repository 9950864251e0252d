"""When pages were published: what they state for machines, what they show readers, and which of it is believed."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from htmldate import extractors
from lxml.html import HtmlElement, document_fromstring

from newsmill.schemas.words import DateSource
from newsmill.tasks.extract.blocks import blocks_of
from newsmill.tasks.extract.dates import Dates, byline_day, parse_time, url_date, written_time
from newsmill.tasks.extract.metadata import read_heading, read_metadata
from newsmill.tasks.extract.structured import structured_data
from newsmill.tasks.inputs.days import days_in

LATEST = datetime(2025, 6, 1, tzinfo=UTC)
URL = "https://news.example.com/world/story-1"
HEADLINE = "<h1>Harbour wall to be rebuilt</h1>"
STATED = {"@type": "NewsArticle", "datePublished": "2024-02-29T01:00:00Z", "dateModified": "2024-03-05T09:00:00Z"}


def page(head: str = "", body: str = "<p>Text.</p>", data: Any = None, lang: str = "en") -> HtmlElement:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data is not None else ""
    return document_fromstring(f'<html lang="{lang}"><head>{head}{script}</head><body>{body}</body></html>')


def read(tree: HtmlElement, url: str | None = URL) -> Dates:
    return read_metadata(
        tree, read_heading(tree, structured_data(tree), url=url), blocks_of(tree), url=url, latest=LATEST
    ).dates


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2024-02-28T20:00:00-05:00", datetime(2024, 2, 29, 1, tzinfo=UTC)),
        ("2024-02-28T20:00:00.123Z", datetime(2024, 2, 28, 20, tzinfo=UTC)),
        ("2024-02-28 20:00:00 +0530", datetime(2024, 2, 28, 14, 30, tzinfo=UTC)),
        ("2024-02-28", datetime(2024, 2, 28, tzinfo=UTC)),
        ("20240228", datetime(2024, 2, 28, tzinfo=UTC)),
        (1709164800, datetime(2024, 2, 29, tzinfo=UTC)),
        (["2024-02-28"], datetime(2024, 2, 28, tzinfo=UTC)),
        ("2024-13-40", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ({}, None),
        (True, None),
        (float("inf"), None),
    ],
)
def test_stated_times(value: object, moment: datetime | None) -> None:
    assert parse_time(value) == moment


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Tue, 14 Mar 2023 10:00:00 +0100", datetime(2023, 3, 14, 9, tzinfo=UTC)),
        ("14 Mar 2023 10:00:00", datetime(2023, 3, 14, 10, tzinfo=UTC)),
        ("14.03.2023 18:05", datetime(2023, 3, 14, 18, 5, tzinfo=UTC)),
        ("Tue Mar 14 10:00:00 EST 2023", datetime(2023, 3, 14, 15, tzinfo=UTC)),
        ("Tue Mar  7 10:00:00 2023", datetime(2023, 3, 7, 10, tzinfo=UTC)),
        ("Tue Mar 14 10:00:00 GMT+01:00 2023", datetime(2023, 3, 14, 9, tzinfo=UTC)),
        ("March 14, 2023 6:05 PM", datetime(2023, 3, 14, 18, 5, tzinfo=UTC)),
        (["14 mars 2023"], datetime(2023, 3, 14, tzinfo=UTC)),
        ("3/4/2023", None),
        ("14 March 2023 to 16 March 2023", None),
        ("Tue, 99 Mar 2023 10:00:00", None),
        ("soon", None),
        (7, None),
    ],
)
def test_times_stated_as_readers_write_them(value: object, moment: datetime | None) -> None:
    assert written_time(value) == moment


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.com/2023/12/21/story", date(2023, 12, 21)),
        ("https://a.com/2023/1/2/story", date(2023, 1, 2)),
        ("https://a.com/news/2023-12-21-story", date(2023, 12, 21)),
        ("https://a.com/news/20231221/story", date(2023, 12, 21)),
        ("https://a.com/world/2023/dec/21/story", date(2023, 12, 21)),
        ("https://a.com/2023/october/3/story", date(2023, 10, 3)),
        ("https://a.com/2023/items/3/story", None),
        ("https://a.com/2023/12/story", None),
        ("https://a.com/2023/12/3-questions", None),
        ("https://a.com/2023/02/31/story", None),
        ("https://a.com/story-120231221555", None),
        (None, None),
    ],
)
def test_days_in_addresses(url: str | None, day: date | None) -> None:
    found = url_date(url)
    assert (found and found.date()) == day


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Published: Dec. 22, 2023 10:22 PM", [date(2023, 12, 22)]),
        ("Wednesday, 3rd March 2021", [date(2021, 3, 3)]),
        ("Freitag, 5. März 2020, 10 Uhr", [date(2020, 3, 5)]),
        ("le 1er mai 2020", [date(2020, 5, 1)]),
        ("Stand 28.04.2023-19:20", [date(2023, 4, 28)]),
        ("1.2.2023-3", []),
        ("3 de abril de 2020", [date(2020, 4, 3)]),
        ("12 Nisan 2020 Pazar", [date(2020, 4, 12)]),
        ("22 декабря 2023 года", [date(2023, 12, 22)]),
        ("2023. december 22.", [date(2023, 12, 22)]),
        ("2023 m. gruodžio 22 d.", [date(2023, 12, 22)]),
        ("2020年4月3日", [date(2020, 4, 3)]),
        ("2020년 4월 3일", [date(2020, 4, 3)]),
        ("٣ أبريل ٢٠٢٠", [date(2020, 4, 3)]),
        ("12 अप्रैल 2020", [date(2020, 4, 12)]),
        ("21 ธันวาคม 2566", [date(2023, 12, 21)]),
        ("ngày 3 tháng 4 năm 2020", [date(2020, 4, 3)]),
        ("Last updated 04 Jun 2020, created 17 Jun 2019", [date(2020, 6, 4), date(2019, 6, 17)]),
        ("01.11.2023", [date(2023, 11, 1)]),
        ("10.12.19", [date(2019, 12, 10)]),
        ("12/22/2023 05:00 AM EST", [date(2023, 12, 22)]),
        ("2020-05-06", [date(2020, 5, 6)]),
        ("Smerch 3, 2021", []),
        ("By Ann ChoiDec. 21, 2023", [date(2023, 12, 21)]),
        ("令和5年3月14日", [date(2023, 3, 14)]),
        ("平成31年4月30日", [date(2019, 4, 30)]),
        ("令和元年5月1日", [date(2019, 5, 1)]),
        ("中華民國112年3月14日", [date(2023, 3, 14)]),
        ("112年3月14日", [date(2023, 3, 14)]),
        ("14 มี.ค. 2566", [date(2023, 3, 14)]),
        ("14 มี.ค. 66 18:05 น.", [date(2023, 3, 14)]),
        ("14 มีนาคม พ.ศ. 2566", [date(2023, 3, 14)]),
        ("14/03/2566", [date(2023, 3, 14)]),
        ("۲۳ اسفند ۱۴۰۱", [date(2023, 3, 14)]),
        ("30 اسفند 1399", [date(2021, 3, 20)]),
        ("2 تير 1399 - 12:09", [date(2020, 6, 22)]),
        ("1401/12/23", [date(2023, 3, 14)]),
        ("31 اسفند 1401", []),
        ("14 févr. 2023", [date(2023, 2, 14)]),
        ("14. Dez. 2023", [date(2023, 12, 14)]),
        ("31 February 2021", []),
        ("from 1914 to 1918 in 21 volumes", []),
        ("192.168.10.12 and 1.2.3", []),
        ("no figures at all", []),
    ],
)
def test_days_as_they_are_written(line: str, days: list[date]) -> None:
    assert [found.day for found in days_in(line)] == days


@pytest.mark.parametrize(
    ("tree", "url", "moment", "source"),
    [
        (page(data=STATED), URL, datetime(2024, 2, 29, 1, tzinfo=UTC), DateSource.JSONLD),
        (
            page(data={"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2024-02-28"}]}),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.JSONLD,
        ),
        (
            page('<meta property="article:published_time" content="2024-02-28T10:00:00Z">'),
            URL,
            datetime(2024, 2, 28, 10, tzinfo=UTC),
            DateSource.META,
        ),
        (
            page(
                body='<div itemscope itemtype="http://schema.org/NewsArticle">'
                '<i itemprop="datePublished" content="2024-02-28"></i></div>'
            ),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.META,
        ),
        (page(), "https://a.com/2024/02/28/story", datetime(2024, 2, 28, tzinfo=UTC), DateSource.URL),
        (
            page(body='<article><time datetime="2024-02-28">28 Feb</time><p>Text.</p></article>'),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.TIME,
        ),
        (
            page(body=f"{HEADLINE}<p>By Jane Doe</p><p>28. Februar 2024</p><p>Text.</p>", lang="de"),
            URL,
            datetime(2024, 2, 28, tzinfo=UTC),
            DateSource.DATELINE,
        ),
        (page(data={"@type": "NewsArticle", "datePublished": "2031-01-01"}), URL, None, DateSource.NONE),
        (page(body="<p>Copyright 2019</p><footer>© 2019 The Times</footer>"), URL, None, DateSource.NONE),
        (page(), URL, None, DateSource.NONE),
        (page(), None, None, DateSource.NONE),
    ],
)
def test_time_of_publication_and_where_it_was_found(
    tree: HtmlElement, url: str | None, moment: datetime | None, source: DateSource
) -> None:
    found = read(tree, url)
    assert (found.published_at, found.published_at_source) == (moment, source)


PUBLISHED = '<meta property="article:published_time" content="{}">'
RELATED = "<p>Another story</p>" * 9


@pytest.mark.parametrize(
    ("tree", "url", "day", "source"),
    [
        (page(PUBLISHED.format("2024-02-28")), "https://a.com/1953/02/01/flood", date(2024, 2, 28), DateSource.META),
        (
            page(PUBLISHED.format("0001-01-01") + '<meta name="pubdate" content="2024-02-28">'),
            URL,
            date(2024, 2, 28),
            DateSource.META,
        ),
        (page('<meta name="w-published-date" content="2024-02-28">'), URL, date(2024, 2, 28), DateSource.META),
        (page('<meta name="date" content="28.02.2024 18:05">'), URL, date(2024, 2, 28), DateSource.META),
        (page(data={"@type": "Comment", "datePublished": "2024-02-28"}), URL, None, DateSource.NONE),
        (
            page(body=f'{HEADLINE}<p>Text.</p>{RELATED * 3}<time datetime="2024-02-28">then</time>'),
            URL,
            None,
            DateSource.NONE,
        ),
        (page(body=f"{HEADLINE}<p>Updated 28 February 2024</p>"), URL, date(2024, 2, 28), DateSource.DATELINE),
        (
            page(
                body=f"{HEADLINE}<p>The new wall will be opened by the mayor and the whole council of the town on "
                "28 February 2024, and everyone who lives by the harbour is invited to come and to see it.</p>"
            ),
            URL,
            None,
            DateSource.NONE,
        ),
    ],
)
def test_whose_date_it_is(tree: HtmlElement, url: str, day: date | None, source: DateSource) -> None:
    found = read(tree, url)
    assert (found.published_on, found.published_at_source) == (day, source)


def test_the_time_of_the_last_change_comes_with_its_source() -> None:
    found = read(page(data=STATED))
    assert (found.modified_at, found.modified_at_source) == (datetime(2024, 3, 5, 9, tzinfo=UTC), DateSource.JSONLD)
    found = read(page('<meta property="article:modified_time" content="2024-03-05T09:00:00+01:00">'))
    assert (found.modified_at, found.modified_at_source) == (datetime(2024, 3, 5, 8, tzinfo=UTC), DateSource.META)
    found = read(page())
    assert (found.modified_at, found.modified_at_source) == (None, DateSource.NONE)


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ([], date(2024, 2, 29)),
        (["February 28, 2024 8:00 PM"], date(2024, 2, 28)),
        (["By Jane Doe", "28/02/2024"], date(2024, 2, 28)),
        (["March 5, 2024"], date(2024, 3, 5)),
        (["Updated March 5, 2024"], date(2024, 2, 29)),
        (["Updated February 29, 2024"], date(2024, 2, 29)),
        (["Updated March 4, 2024, first published February 28, 2024"], date(2024, 2, 28)),
        (["Editor, The Alder Post March 4, 2024"], date(2024, 3, 4)),
        (["Edited March 4, 2024"], date(2024, 2, 29)),
        (["March 20, 2024"], date(2024, 2, 29)),
        (["January 3, 2023"], date(2024, 2, 29)),
        (["February 28, 2034"], date(2024, 2, 29)),
        (["© February 28, 2024 The Times"], date(2024, 2, 29)),
        (
            ["The wall fell in the great storm that hit the town on February 28, 2024 and was never rebuilt."],
            date(2024, 2, 29),
        ),
    ],
)
def test_the_day_is_the_one_that_readers_see(lines: list[str], day: date) -> None:
    shown = "".join(f"<p>{line}</p>" for line in lines)
    assert read(page(data=STATED, body=f"{HEADLINE}{shown}<p>Text.</p>")).published_on == day


@pytest.mark.parametrize(
    ("lang", "url", "day"),
    [
        ("en-US", "https://a.com/story", date(2024, 3, 4)),
        ("en", "https://a.com/story", date(2024, 3, 4)),
        ("en-GB", "https://a.com/story", date(2024, 4, 3)),
        ("en", "https://a.co.uk/story", date(2024, 4, 3)),
        ("en", "https://a.com/en-gb/story", date(2024, 4, 3)),
        ("fr", "https://a.com/story", date(2024, 4, 3)),
    ],
)
def test_figures_are_read_in_the_order_of_the_country(lang: str, url: str, day: date) -> None:
    assert read(page(body=f"{HEADLINE}<p>3/4/2024</p><p>Text.</p>", lang=lang), url).published_on == day


def test_figures_are_read_as_what_the_page_states() -> None:
    stated = {"@type": "NewsArticle", "datePublished": "2024-04-03T10:00:00Z"}
    assert read(page(data=stated, body=f"{HEADLINE}<p>3/4/2024</p>", lang="en-US")).published_on == date(2024, 4, 3)


def test_the_day_in_the_address_is_the_local_one() -> None:
    assert read(page(data=STATED), "https://a.com/2024/02/28/story").published_on == date(2024, 2, 28)


def test_the_day_is_that_of_the_moment_where_the_page_shows_it() -> None:
    same = '<time datetime="2024-02-28T20:00:00-05:00">last night</time>'
    other = '<time datetime="2024-02-28T21:00:00-05:00">last night</time>'

    days = [read(page(data=STATED, body=f"{HEADLINE}<p>Text.</p>{shown}")).published_on for shown in (same, other)]

    assert days == [date(2024, 2, 28), date(2024, 2, 29)]


@pytest.mark.parametrize(
    ("title", "is_stated"),
    [
        ("Harbour wall to be rebuilt | News | 28.02.2024", True),
        ("Harbour wall to be rebuilt • 28 février 2024", True),
        ("Harbour wall to be rebuilt | 3/4/2024", False),
        ("Harbour wall to be rebuilt | Letters of 28 February 2024", False),
        ("What the town was on 28 February 2024", False),
    ],
)
def test_a_title_may_end_in_the_day(title: str, is_stated: bool) -> None:
    assert (read(page(head=f"<title>{title}</title>")).published_at_source is DateSource.META) == is_stated


def test_a_picture_has_a_day_of_its_own() -> None:
    caption = "The harbour wall that broke in the storm, 24 February 2024"
    shown = f'<div class="picBox"><p>{caption}</p></div>'
    head = "<title>Harbour wall to be rebuilt | 28.02.2024</title>"

    assert read(page(head=head, body=f"{HEADLINE}{shown}<p>Text.</p>")).published_on == date(2024, 2, 28)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published March 3, 2021 at 10:15 am", date(2021, 3, 3)),
        ("Wednesday, 3rd March 2021", date(2021, 3, 3)),
        ("2021-03-03", date(2021, 3, 3)),
        ("03/04/2021", None),
        ("03/03/2021", date(2021, 3, 3)),
        ("23/04/2021", date(2021, 4, 23)),
        ("March 3, 2035", None),
        ("Published on", None),
    ],
)
def test_datelines_of_plain_text(line: str, day: date | None) -> None:
    assert byline_day([line], latest=LATEST) == day


PARAGRAPHS = "".join(
    f"<p>The wall stood for {n} years before the storm took it, the council said.</p>" for n in range(3)
)
SHOWN = "<div>23.08.2018</div>"
FAR = 8 * "<div>Share</div>"
TEASER = '<div class="postTeaser"><span>21.10.2017</span> <a href="/r">Ferry stopped</a></div>'
LISTED = '<div class="date">11.11.2017</div><a href="/r">Ferry stopped</a><div class="date">10.11.2017</div>'
COLOPHON = "This entry was posted on Thursday, August 23rd, 2018 at %H:%M and is filed under Walls. You can follow it. "


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (
            "",
            f"<div>23 August 2018</div>{PARAGRAPHS}<p>Print</p><div>11.11.2021 <a>Ferry stopped</a></div>",
            "2018-08-23",
        ),
        ("", f"{PARAGRAPHS}{SHOWN}", "2018-08-23"),
        ("", f"{PARAGRAPHS}{LISTED}{LISTED.replace('2017', '2016')}", None),
        ("", f"{PARAGRAPHS}<p>{2 * COLOPHON}</p>", "2018-08-23"),
        ('<meta name="date" content="2018-08-20">', f"{TEASER}{PARAGRAPHS}", "2018-08-20"),
        ('<meta name="date" content="2018-08-20">', f"{FAR}{SHOWN}{PARAGRAPHS}", "2018-08-23"),
        ('<meta name="date" content="2018-08-20">', f"{FAR}{SHOWN}{FAR}{PARAGRAPHS}", "2018-08-20"),
    ],
    ids=["before", "behind", "list", "colophon", "teaser", "by the text", "far from both"],
)
def test_days_beside_the_text(head: str, body: str, day: str | None) -> None:
    tree = page(head=head, body=f"{HEADLINE}{body}")
    blocks = blocks_of(tree)
    chosen = [block.text.startswith("The wall") for block in blocks]

    heading = read_heading(tree, structured_data(tree), url=None)
    found = read_metadata(tree, heading, blocks, chosen, url=None, latest=LATEST).dates

    assert found.published_on == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    "shown",
    ["February 20 15:23 2024", "Martes, 20 | 02 | 2024", "20 de febrero 09:05 de 2024"],
    ids=["a clock within", "bars", "another language"],
)
def test_a_day_that_htmldate_cannot_read_is_read_without_dateparser(
    shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr(extractors, "_external_date", asked)
    found = read(page(body=f'{HEADLINE}<p>Text.</p><span class="date">{shown}</span>'))

    assert (found.published_on, found.published_at_source) == (date(2024, 2, 20), DateSource.TEXT)
    assert extractors._external_date is asked
