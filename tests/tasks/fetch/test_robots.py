"""What robots.txt files say, decided as the reference parser (google/robotstxt) decides: each case was put to it."""

import gzip
import zlib

import pytest

from newsmill.schemas.words import Reason
from newsmill.tasks.fetch.robots import Rules, rules_of
from newsmill.tasks.inputs.content import Problem

ROBOTS = b"""User-agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$

User-agent: newsmill
User-agent: otherbot
Disallow: /not-for-mills
Allow: /not-for-mills/but-this

Sitemap: https://news.example/map.xml
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", True),  # the group that names us is the only one for us
        ("/not-for-mills", False),
        ("/not-for-mills/a?b", False),
        ("/not-for-mills/but-this", True),
        ("/%6Eot-for-mills", False),
        ("/a.pdf", True),
    ],
)
def test_robots_txt_decides(path: str, allowed: bool) -> None:
    problem = Rules.parse(ROBOTS).problem(f"https://news.example{path}")

    assert problem is None if allowed else problem is not None and problem.reason == Reason.ROBOTS


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (200, b"User-agent: *\nDisallow: /\n", Reason.ROBOTS),
        (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", Reason.ROBOTS),
        (200, b"<html>no robots</html>", None),
        (200, b"\x00\xff\xfe" * 100, None),
        (200, b"", None),
        (404, b"User-agent: *\nDisallow: /\n", None),
        (403, b"", None),
        (429, b"", Reason.FETCH_FAILED),
        (500, b"", Reason.FETCH_FAILED),
        (0, Problem(Reason.FETCH_TIMEOUT, "silence"), Reason.FETCH_FAILED),
        (0, Problem(Reason.UNSAFE_ADDRESS, "127.0.0.1"), Reason.UNSAFE_ADDRESS),
    ],
)
def test_what_a_missing_or_broken_robots_txt_allows(
    status: int, content: bytes | Problem, reason: Reason | None
) -> None:
    problem = rules_of(status, content).problem("https://news.example/a")

    assert (problem and problem.reason) == reason


def test_the_sitemaps_that_robots_txt_names() -> None:
    assert Rules.parse(ROBOTS).sitemaps == ("https://news.example/map.xml",)
    assert rules_of(404, b"").sitemaps == ()


CASES = [
    # Which group is ours.
    ("User-agent: news\nDisallow: /", "/a", True),
    ("User-agent: newsmills\nDisallow: /", "/a", True),
    ("User-agent: newsmill-news\nDisallow: /", "/a", True),
    ("User-agent: NewsMill/1.0 (+contact)\nDisallow: /", "/a", False),
    ("User-agent: Mozilla/5.0 (compatible; newsmill)\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\nDisallow:", "/a", True),
    ("User-agent: newsmill\n\nUser-agent: *\nDisallow: /a", "/a", False),
    ("User-agent: newsmill\nDisallow: /a\nUser-agent: *\nDisallow:\nUser-agent: newsmill\nDisallow: /c", "/c", False),
    ("User-agent: newsmill\nCrawl-delay: 5\nUser-agent: other\nDisallow: /", "/a", False),
    ("User-agent: *\nSitemap: https://x.example/s\nDisallow: /a", "/a", False),
    ("User-agent: * all\nDisallow: /", "/a", False),
    ("User-agent: *bot\nDisallow: /", "/a", True),
    ("Disallow: /\nUser-agent: *\nDisallow: /b", "/a", True),
    # How a rule is written.
    ("user agent: *\nDISALLOW : /a", "/a", False),
    ("User-agents: *\nDisallowed: /a", "/a", False),
    ("User-agent *\nDisallow /a", "/a", False),
    ("User-agent: *\nDisalow:/a#b", "/a", False),
    ("User-agent: *\nDis allow: /a", "/a", True),
    ("User-agent: *\rDisallow: /a\r", "/a", False),
    ("User-agent: *\x0bDisallow: /a", "/a", True),
    ("User-agent: *\nnoindex: /a\nDisallow:", "/a", True),
    ("<html>\nUser-agent: *\nDisallow: /a\n</html>", "/a", False),
    ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
    # Which rule is the most specific.
    ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
    ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
    ("User-agent: *\nDisallow: /*.php\nAllow: /a", "/a.php", False),
    ("User-agent: *\nDisallow: /\nAllow: /$", "/", True),
    ("User-agent: *\nDisallow: /\nAllow: /$", "/a", False),
    ("User-agent: *\nDisallow: /\nAllow: /a/index.html", "/a/", True),
    ("User-agent: *\nDisallow: /*/b*c$", "/a/b/c/d/c", False),
    ("User-agent: *\nDisallow: /*/b*c$", "/a/b/c/d", True),
    ("User-agent: *\nDisallow: a", "/a", True),
    ("User-agent: *\nDisallow: *a", "/b/a", False),
    ("User-agent: *\nDisallow: /A", "/a", True),
    ("User-agent: *\nDisallow: /*?s=", "/a?s=1", False),
    # Beyond ASCII, and escapes.
    ("User-agent: *\nDisallow: /\u00fcber", "/%C3%BCber/a", False),
    ("User-agent: *\nDisallow: /%C3%BCber", "/%C3%BCber", False),
    ("User-agent: *\nDisallow: /a%2fb", "/a/b", True),
    ("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False),
]


@pytest.mark.parametrize(("robots", "path", "allowed"), CASES)
def test_decides_as_the_reference_does(robots: str, path: str, allowed: bool) -> None:
    assert Rules.parse(robots.encode()).allows(f"https://news.example{path}") == allowed


def test_what_stands_behind_half_a_megabyte_is_not_read() -> None:
    padding = b"# padding\n" * 51_200

    assert not Rules.parse(b"User-agent: *\nDisallow: /a\n" + padding).allows("https://news.example/a")
    assert Rules.parse(b"User-agent: *\n" + padding + b"Disallow: /a\n").allows("https://news.example/a")


def test_a_delay_is_of_the_whole_group() -> None:
    rules = Rules.parse(b"User-agent: newsmill\nCrawl-delay: 5\nUser-agent: other\nDisallow: /b")

    assert rules.crawl_delay == 5


@pytest.mark.parametrize(
    ("robots", "seconds"),
    [
        ("User-agent: bingbot\nCrawl-delay: 30\n\nUser-agent: *\nDisallow: /b", 0),
        ("User-agent: *\nCrawl-delay: 30\n\nUser-agent: bingbot\nDisallow: /b", 30),
        ("User-agent: *\nDisallow: /b\nCrawl-delay: 30\nUser-agent: bingbot\nCrawl-delay: 60", 30),
        ("User-agent: *\nCrawl-delay: 1,5", 1.5),
        ("User-agent: *\nCrawl-delay: 10s", 10),
        ("User-agent: *\nCrawl-delay: 10 # seconds", 10),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
    ],
)
def test_a_delay_is_that_of_the_names_ahead_of_it(robots: str, seconds: float) -> None:
    assert Rules.parse(robots.encode()).crawl_delay == seconds


CLOSED = "User-agent: *\nDisallow: /a\n"


@pytest.mark.parametrize(
    "content",
    [
        CLOSED.encode("utf-16"),
        CLOSED.encode("utf-8-sig"),
        CLOSED.encode("utf-16-le"),
        CLOSED.encode("utf-16-be"),
        zlib.compress(CLOSED.encode()),
        gzip.compress(CLOSED.encode()),
        gzip.compress(CLOSED.encode() + b"# padding\n" * 200_000)[:-20],
    ],
    ids=["utf-16", "marked utf-8", "little endian", "big endian", "deflated", "packed", "packed and cut off"],
)
def test_a_robots_txt_is_read_whatever_it_is_packed_in(content: bytes) -> None:
    assert not Rules.parse(content).allows("https://news.example/a")
    assert Rules.parse(content).allows("https://news.example/b")
