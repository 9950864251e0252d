"""Listings of every kind, as publishers write them and as they ought not to."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.listings import Item, Listing, ListingKind, is_listing, parse_listing
from newsmill.tasks.inputs.content import Problem

BASE = "https://news.example/feeds/all.xml"
ON_MONDAY = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)

RSS = """<?xml version="1.0"?><rss version="{version}"><channel><title>The News</title><link>https://news.example/</link>
<item><title>Bridge  to be
rebuilt</title><link>/a?x=1&amp;y=2</link><pubDate>Mon, 05 Jan 2026 11:30:00 +0100</pubDate></item>
<item><title>Vote</title><link>https://news.example/b</link><guid isPermaLink="false">b-17</guid></item>
</channel></rss>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/">
<title>The News</title></channel><item rdf:about="https://news.example/a"><title>Bridge</title>
<link>https://news.example/a?x=1&amp;y=2</link><dc:date>2026-01-05T10:30:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/">
<title>The News</title><entry><id>tag:a</id><title type="html">Bridge &lt;b&gt;now&lt;/b&gt;</title>
<link rel="enclosure" href="/a.mp3"/><link rel="alternate" href="a?x=1&amp;y=2"/>
<published>2026-01-05T10:30:00Z</published><updated>2026-01-06T08:00:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The News",
        "items": [
            {
                "id": 7,
                "url": "/a?x=1&y=2",
                "title": "Bridge",
                "date_published": "2026-01-05T11:30:00+01:00",
                "date_modified": "2026-01-06T09:00:00+01:00",
            },
            {"id": "8", "content_text": "without an address"},
            "no object",
        ],
    }
)
NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/a?x=1&amp;y=2 </loc><lastmod>2026-01-06</lastmod><n:news><n:publication><n:name>The News
</n:name></n:publication><n:publication_date>2026-01-05T10:30:00Z</n:publication_date><n:title>Bridge</n:title></n:news>
<image:image><image:loc>https://news.example/a.jpg</image:loc></image:image></url></urlset>"""


def parse(content: str | bytes, content_type: str | None = None, base: str = BASE) -> Listing | Problem:
    content = content if isinstance(content, bytes) else content.encode()
    return parse_listing(content, address=base, content_type=content_type, max_bytes=5_000_000)


def listed(content: str | bytes, content_type: str | None = None) -> Listing:
    listing = parse(content, content_type)
    assert isinstance(listing, Listing), listing
    return listing


@pytest.mark.parametrize(
    "content",
    [*(RSS.format(version=version) for version in ("0.91", "0.92", "2.0")), RDF, ATOM, JSON_FEED, NEWS_SITEMAP],
    ids=["rss 0.91", "rss 0.92", "rss 2.0", "rss 1.0", "atom", "json feed", "news sitemap"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_says_the_same(content: str, packed: bool) -> None:
    listing = listed(gzip.compress(content.encode()) if packed else content)
    item = listing.items[0]

    assert item.url == "https://news.example/a?x=1&y=2"
    assert (item.title or "").startswith("Bridge")
    assert item.published_at == ON_MONDAY
    assert is_listing(content.encode())


def test_titles_are_one_line_and_keys_are_the_publishers() -> None:
    rss, atom = listed(RSS.format(version="2.0")), listed(ATOM)

    assert rss.title == "The News"
    assert [item.title for item in rss.items] == ["Bridge to be rebuilt", "Vote"]
    assert [item.key for item in rss.items] == ["https://news.example/a?x=1&y=2", "b-17"]
    assert atom.items[0].key == "tag:a"


@pytest.mark.parametrize(
    ("content", "modified_at"),
    [
        (RSS.format(version="2.0"), None),
        (ATOM, datetime(2026, 1, 6, 8, tzinfo=UTC)),
        (JSON_FEED, datetime(2026, 1, 6, 8, tzinfo=UTC)),
        (NEWS_SITEMAP, datetime(2026, 1, 6, tzinfo=UTC)),
    ],
    ids=["rss", "atom", "json feed", "news sitemap"],
)
def test_the_last_change_is_told_and_makes_another_version(content: str, modified_at: datetime | None) -> None:
    item = listed(content).items[0]
    later = listed(content.replace("2026-01-06", "2026-01-07")).items[0]

    assert item.modified_at == modified_at
    assert (item.version != later.version) == (modified_at is not None)


@pytest.mark.parametrize(
    ("change", "is_changed"),
    [(("Bridge", "Bridges"), True), (("11:30:00 +0100", "10:30:00 GMT"), False), (("The News", "News"), False)],
)
def test_an_item_has_another_version_when_it_says_something_else(change: tuple[str, str], is_changed: bool) -> None:
    before, after = RSS.format(version="2.0"), RSS.format(version="2.0").replace(*change)

    assert (listed(before).items[0].version != listed(after).items[0].version) == is_changed


def test_of_an_item_listed_twice_the_first_counts() -> None:
    double = RSS.format(version="2.0").replace(
        "</channel>", "<item><guid isPermaLink='false'>b-17</guid><title>Old</title></item></channel>"
    )

    assert [item.title for item in listed(double).items] == ["Bridge to be rebuilt", "Vote"]


ILL_FORMED = {
    "cut off": RSS.format(version="2.0")[:-60],
    "a bare ampersand": RSS.format(version="2.0").replace("Vote", "Vote & more"),
    "an unknown entity": RSS.format(version="2.0").replace("Vote", "Vote&nbsp;&hellip;"),
    "a control character": RSS.format(version="2.0").replace("Vote", "Vo\x08te"),
    "text before it": "Warning: session_start() in /var/www/x.php\n" + RSS.format(version="2.0"),
    "space before it": "\n\n " + RSS.format(version="2.0"),
    "an unclosed tag": RSS.format(version="2.0").replace("Vote", "Vote <b>now"),
}


@pytest.mark.parametrize("name", ILL_FORMED)
def test_ill_formed_feeds_still_give_items(name: str) -> None:
    urls = [item.url for item in listed(ILL_FORMED[name]).items]

    assert "https://news.example/a?x=1&y=2" in urls


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings(encoding: str) -> None:
    declared = RSS.format(version="2.0").replace("?>", f' encoding="{encoding}"?>').replace("Vote", "Café über")

    assert listed(declared.encode(encoding)).items[1].title == "Café über"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "entity bomb in a feed": RSS.format(version="2.0")
    .replace("?>", f'?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>')
    .replace("Vote", "&l9;"),
    "entity bomb in a sitemap": NEWS_SITEMAP.replace(
        "?>", f'?><!DOCTYPE urlset [<!ENTITY l0 "ha">{LAUGHS}]>', 1
    ).replace("Bridge", "&l9;"),
    "external entity in a feed": RSS.format(version="2.0")
    .replace("?>", '?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    .replace("Vote", "&x;"),
    "external entity in a sitemap": NEWS_SITEMAP.replace(
        "?>", '?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1
    ).replace("Bridge", "&x;"),
    "external DTD": RSS.format(version="2.0").replace("?>", '?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "deep": "<rss><channel>" + "<item>" * 2_000,
    "deep sitemap": "<urlset>" + "<url>" * 50_000,
    "a long title": RSS.format(version="2.0").replace("Vote", "x" * 1_000_000),
    "deep JSON": '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
    "odd JSON": '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
    "surrogates": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\\ud800", "title": "\\udc00"}]}',
    "an impossible date": RSS.format(version="2.0").replace("05 Jan 2026 11", "99 Foo 99999 99"),
    "an impossible link": RSS.format(version="2.0").replace("https://news.example/b", "http://[::1"),
    "a script for a link": RSS.format(version="2.0").replace("https://news.example/b", "javascript:alert(1)"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_give_items_or_a_problem(name: str) -> None:
    listing = parse(HOSTILE[name])

    if isinstance(listing, Listing):
        for item in listing.items:
            assert item.url is None or item.url.startswith("https://news.example/")
            assert "root:" not in (item.title or "")
            assert len(item.title or "") < 2_000_000
    else:
        assert "\n" not in listing.detail


def test_a_bomb_is_not_unpacked() -> None:
    assert parse(gzip.compress(b"<urlset>" + b" " * 20_000_000)) == Problem(
        Reason.TOO_LARGE, "more than 5,000,000 bytes when unpacked"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Reason.UNSUPPORTED_TYPE),
        (b"just words", Reason.UNSUPPORTED_TYPE),
        (b'{"items": []}', Reason.UNSUPPORTED_TYPE),
        (b'{"items": [', Reason.BAD_JSON),
    ],
)
def test_what_lists_nothing_is_a_problem(content: bytes, reason: Reason) -> None:
    found = parse(content)

    assert isinstance(found, Problem)
    assert found.reason == reason
    assert not is_listing(content)


def test_an_index_names_sitemaps_and_opml_names_feeds() -> None:
    sitemaps = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in ("/map-1.xml.gz", "/map-2.xml"))
    index = f"<sitemapindex>{sitemaps}</sitemapindex>"
    opml = (
        '<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body><outline text="World">'
        '<outline type="rss" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"/>'
        '<outline type="rss" XMLURL="https://b.example/rss"/></outline></body></opml>'
    )

    assert listed(index) == Listing(
        kind=ListingKind.INDEX, more=("https://news.example/map-1.xml.gz", "https://news.example/map-2.xml")
    )
    assert listed(opml) == Listing(kind=ListingKind.OPML, more=("https://a.example/rss", "https://b.example/rss"))


def test_an_index_gives_the_newest_sitemaps_first() -> None:
    dated = {"2024": "2024-12-31", "unknown": None, "2026": "2026-01-05T10:00:00Z", "2025": "2025-12-31"}
    sitemaps = "".join(
        f"<sitemap><loc>/{name}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for name, day in dated.items()
    )

    more = listed(f"<sitemapindex>{sitemaps}</sitemapindex>").more

    assert [url.rpartition("/")[2] for url in more] == ["unknown", "2026", "2025", "2024"]


def test_a_page_names_its_feeds() -> None:
    page = """<!doctype html><html><head><title>The
    News</title><base href="/x/"><link rel="stylesheet" type="text/css" href="a.css">
    <link rel="alternate" type="application/rss+xml; charset=utf-8" href="feed"><link rel="ALTERNATE home"
    type="application/atom+xml" href="//other.example/atom"><link rel="alternate" hreflang="de" href="/de"></head>
    </html>"""

    assert listed(page) == Listing(
        kind=ListingKind.PAGE, more=("https://news.example/x/feed", "https://other.example/atom"), title="The News"
    )
    assert not is_listing(page.encode())


def test_an_item_without_an_address_is_still_an_item() -> None:
    assert listed(JSON_FEED).items[1] == Item(key="8", url=None, version=listed(JSON_FEED).items[1].version)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 05 Jan 2026 10:30:00 GMT", ON_MONDAY),
        ("Mon, 5 Jan 26 05:30 EST", ON_MONDAY),
        ("2026-01-05T10:30:00Z", ON_MONDAY),
        ("2026-01-05 10:30:00", ON_MONDAY),
        ("Mon, 05 Jan 2026 23:30:00 +1300", ON_MONDAY),
        ("Tue, 06 Jan 2026 00:30:00 +1400", ON_MONDAY),
        ("Mo, 05 Jan 2026 11:30:00 +0100", ON_MONDAY),
        ("Mon,05 Jan 2026 10:30:00 GMT", ON_MONDAY),
        ("1767609000", ON_MONDAY),
        ("1767609000000", ON_MONDAY),
        ("20260105", datetime(2026, 1, 5, tzinfo=UTC)),
        ("2026\u5e7401\u670805\u65e5", datetime(2026, 1, 5, tzinfo=UTC)),
        # Which the library takes for days that nobody named.
        ("2026-W02-1", None),
        ("17676", None),
        ("Thu, 99 Jan 2026 10:00:00 GMT", None),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
    ],
)
def test_a_date_is_one_that_is_stated(date: str, expected: datetime | None) -> None:
    feed = RSS.format(version="2.0").replace("Mon, 05 Jan 2026 11:30:00 +0100", date)

    assert listed(feed).items[0].published_at == expected


@pytest.mark.parametrize(
    ("sitemap", "expected"),
    [
        (
            "<urlset><url><loc>https://a.example/1?x=1&y=2&amp;z=3</loc></url></urlset>",
            "https://a.example/1?x=1&y=2&z=3",
        ),
        ("<urlset><url><i:image><i:loc>/i.jpg</i:loc></i:image><loc>https://a.example/1</loc></url></urlset>", None),
        (
            "<urlset><url><loc>https://a.example/1</loc><news:news><news:title>A</news:title></news:news></url></urlset>",
            None,
        ),
        ("https://a.example/1\nhttps://a.example/2\n", None),
        ("<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.exa", None),
    ],
)
def test_sitemaps_as_they_are_found(sitemap: str, expected: str | None) -> None:
    listing = listed(sitemap)

    assert listing.kind is ListingKind.SITEMAP
    assert listing.items[0].url == (expected or "https://a.example/1")


@pytest.mark.parametrize("items", [None, 5, "x", {"a": 1}, [[]], [{"id": {}}]])
def test_a_json_feed_with_odd_items_is_a_feed(items: object) -> None:
    assert isinstance(parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})), Listing)


def test_a_headline_is_words() -> None:
    feed = RSS.format(version="2.0").replace("Vote", "<![CDATA[A <b>bold</b>\tvote &amp; 3 < 4]]>")

    assert listed(feed).items[1].title == "A bold vote & 3 < 4"


def rss(*items: str, link: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>News</title>{link}{listed}</channel></rss>'


def test_a_name_that_several_pages_share_names_none_of_them() -> None:
    shared = [f"<guid isPermaLink='false'>one</guid><link>https://a.example/{n}</link>" for n in (1, 2, 2)]
    own = "<guid isPermaLink='false'>two</guid><link>https://a.example/3</link>"

    assert [item.key for item in listed(rss(*shared, own)).items] == [
        "https://a.example/1",
        "https://a.example/2",
        "two",
    ]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a", "https://paper.example/a"),
        ("www.other.example/a", "https://www.other.example/a"),
        ("paper.example/a", "https://paper.example/a"),
        ("story.html", "https://paper.example/news/story.html"),
        ("https://www.google.com/url?q=https%3A%2F%2Fpaper.example%2Fa&amp;sa=U", "https://paper.example/a"),
        (
            "https://www.bing.com/news/apiclick.aspx?url=https%3a%2f%2fpaper.example%2fa&amp;c=1",
            "https://paper.example/a",
        ),
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Fa",
            "https://paper.example/a",
        ),
        ("https://paper.example/url?q=https://other.example/", "https://paper.example/url?q=https://other.example/"),
        ("http:/paper.example/a", "http://paper.example/a"),
        ("https//paper.example/a", "https://paper.example/a"),
        ("http://https://paper.example/a", "https://paper.example/a"),
        ("https:///paper.example/a", "https://paper.example/a"),
        ("http://http.example/https//a", "http://http.example/https//a"),
        ("#top", None),
        ("mailto:desk@paper.example", None),
    ],
)
def test_a_link_is_the_address_that_it_means(link: str, expected: str | None) -> None:
    found = listed(rss(f"<link>{link}</link>", link="<link>https://paper.example/news/</link>"))

    assert found.items[0].url == expected


def test_a_link_is_its_text_and_not_another_address_beside_it() -> None:
    assert listed(rss("<link uri='at://x/1'>https://a.example/1</link>")).items[0].url == "https://a.example/1"


@pytest.mark.parametrize(
    "content",
    [
        rss("<guid>17</guid><title>A</title>"),
        rss("<guid isPermaLink='false'>https://a.example/1</guid><title>A</title>"),
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:17</id><title>A</title></entry></feed>",
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "17", "title": "A"}]}),
    ],
    ids=["guid", "no permalink", "atom id", "json"],
)
def test_no_address_is_made_of_a_name(content: str) -> None:
    assert [(item.url, item.title) for item in listed(content).items] == [(None, "A")]


@pytest.mark.parametrize("link", ["<link/>", "<link></link>", "<link> <![CDATA[ ]]> </link>"])
def test_an_empty_link_gives_way_to_a_permanent_one(link: str) -> None:
    permanent, other = "<guid>https://a.example/1</guid>", "<guid isPermaLink='false'>https://a.example/1</guid>"

    assert [listed(rss(link + guid)).items[0].url for guid in (permanent, other)] == ["https://a.example/1", None]


def test_seconds_in_a_json_feed_are_a_time() -> None:
    items = [{"id": "1", "url": "https://a.example/", "date_published": int(ON_MONDAY.timestamp())}]

    assert listed(json.dumps({"version": "1.1", "items": items})).items[0].published_at == ON_MONDAY


@pytest.mark.parametrize(
    "version",
    ["1.1", "1", 1.1, "https://jsonfeed.org/version/1.1", "jsonfeed.org/version/1", "v1.1", "JSON Feed 1", None],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_feeds_as_they_are_found(version: object, encoding: str) -> None:
    said: dict[str, object] = {"home_page_url": "https://paper.example/", "next_url": "https://paper.example/feed?p=2"}
    said |= {"items": [{"id": "1", "url": "/a", "date_published": "Mon, 05 Jan 2026 11:30:00 +0100"}]}
    content = json.dumps(said if version is None else {"version": version, **said}).encode(encoding)
    listing = listed(content)

    assert is_listing(content)
    assert [(item.url, item.published_at) for item in listing.items] == [("https://paper.example/a", ON_MONDAY)]
    assert listing.more == ("https://paper.example/feed?p=2",)


def test_a_page_of_a_sitemap_has_the_title_and_the_time_of_its_news() -> None:
    content = """<urlset xmlns:n="news"><url><loc>https://a.example/1</loc><video><title>A film</title>
    <publication_date>2020-01-01</publication_date></video><n:news><n:title>The headline</n:title>
    <n:publication_date>2026-01-05T10:30:00Z</n:publication_date></n:news></url></urlset>"""

    assert [(item.title, item.published_at) for item in listed(content).items] == [("The headline", ON_MONDAY)]


def test_a_sitemap_of_lines_may_begin_with_a_comment() -> None:
    listing = listed("# made by hand\n\nhttps://a.example/1\nhttps://a.example/2\n")

    assert (listing.kind, len(listing.items)) == (ListingKind.SITEMAP, 2)


def test_of_an_undated_index_both_ends_come_first() -> None:
    named = "".join(f"<sitemap><loc>https://a.example/{n}.xml</loc></sitemap>" for n in range(5))

    assert [url[-5] for url in listed(f"<sitemapindex>{named}</sitemapindex>").more] == ["0", "4", "1", "3", "2"]


def test_a_headline_is_not_wrapped_in_what_was_escaped_twice() -> None:
    assert listed(rss("<title>&lt;![CDATA[Bridge]]&gt;</title><link>/a</link>")).items[0].title == "Bridge"
