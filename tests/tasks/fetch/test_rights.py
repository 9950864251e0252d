"""What publishers ask not to be done, in all the ways of saying so."""

import pytest

from newsmill.schemas.words import OptOut
from newsmill.tasks.fetch.rights import Reservations, opt_outs
from newsmill.tasks.fetch.robots import Rules

NO_HEADERS: tuple[tuple[bytes, bytes], ...] = ()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<meta name="robots" content="index, follow">', ()),
        ('<meta name="robots" content="noindex">', (OptOut.NOINDEX,)),
        ("<META CONTENT='NOINDEX,NOARCHIVE' NAME=ROBOTS />", (OptOut.NOARCHIVE, OptOut.NOINDEX)),
        ('<meta name="robots" content="none">', (OptOut.NOINDEX,)),
        ('<meta name="robots" content="noai, noimageai">', (OptOut.NOAI,)),
        ('<meta property="x" name="newsmill" content="noarchive">', (OptOut.NOARCHIVE,)),
        ('<meta name="otherbot" content="noindex">', ()),
        ('<meta name="tdm-reservation" content="1">', (OptOut.TDM,)),
        ('<meta name="tdm-reservation" content="0">', ()),
        ('<meta name="description" content="noindex">', ()),
        ('<meta name="robots">', ()),
        ("<meta " + "x" * 300_000, ()),
    ],
)
def test_what_a_page_says(page: str, expected: tuple[OptOut, ...]) -> None:
    assert opt_outs(NO_HEADERS, f"<html><head>{page}</head></html>".encode()) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (b"X-Robots-Tag", b"noindex, noarchive", (OptOut.NOARCHIVE, OptOut.NOINDEX)),
        (b"x-robots-tag", b"otherbot: noindex", ()),
        (b"X-Robots-Tag", b"newsmill: noindex", (OptOut.NOINDEX,)),
        (b"X-Robots-Tag", b"max-video-preview: -1, noindex", (OptOut.NOINDEX,)),
        (b"X-Robots-Tag", b"unavailable_after: 25 Jun 2030 15:00:00 PST, noai", (OptOut.NOAI,)),
        (b"TDM-Reservation", b"1", (OptOut.TDM,)),
        (b"TDM-Reservation", b"0", ()),
    ],
)
def test_what_the_headers_say(name: bytes, value: bytes, expected: tuple[OptOut, ...]) -> None:
    assert opt_outs([(b"Content-Type", b"text/html"), (name, value)], b"") == expected


@pytest.mark.parametrize(
    ("robots", "path", "closed"),
    [
        (b"User-agent: GPTBot\nDisallow: /\n", "/a", True),
        (b"User-agent: CCBot\nUser-agent: Google-Extended\nDisallow: /news/\n", "/news/1", True),
        (b"User-agent: CCBot\nDisallow: /news/\n", "/other", False),
        (b"User-agent: *\nDisallow: /admin\n", "/a", False),
        (b"User-agent: *\nDisallow: /\nUser-agent: newsmill\nDisallow:\n", "/a", True),
        (b"", "/a", False),
    ],
)
def test_what_robots_txt_says_to_the_crawlers_of_ai(robots: bytes, path: str, closed: bool) -> None:
    assert Rules.parse(robots).is_closed_to_ai(f"https://news.example{path}") == closed


def test_everything_that_is_asked_is_recorded_once() -> None:
    found = opt_outs(
        [(b"X-Robots-Tag", b"noindex"), (b"tdm-reservation", b"1")],
        b'<meta name="robots" content="noindex"><meta name="tdm-reservation" content="1">',
        is_closed_to_ai=True,
    )

    assert found == (OptOut.AI_ROBOTS, OptOut.NOINDEX, OptOut.TDM)


@pytest.mark.parametrize(
    ("content", "path", "covered"),
    [
        (b'[{"location": "/", "tdm-reservation": 1}]', "/a", True),
        (b'[{"location": "/*", "tdm-reservation": "1"}]', "/a", True),
        (b'[{"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', "/free/a", False),
        (b'[{"location": "/free/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', "/a", True),
        (b'[{"location": "/*.pdf$", "tdm-reservation": 1}]', "/a.pdf", True),
        (b'[{"location": "/*.pdf$", "tdm-reservation": 1}]', "/a.pdf?x", False),
        (b'[{"location": "/a\\nDisallow: /b", "tdm-reservation": 1}]', "/b", False),
        (b'[{"location": 7}, 7, {"tdm-reservation": 1}]', "/a", False),
        (b'{"location": "/", "tdm-reservation": 1}', "/a", False),
        (b"[" * 100_000, "/a", False),
        (b"<html>none</html>", "/a", False),
        (b"\xff\xfe", "/a", False),
    ],
)
def test_what_a_site_reserves(content: bytes, path: str, covered: bool) -> None:
    assert Reservations.parse(content).cover(f"https://news.example{path}") == covered


@pytest.mark.parametrize(
    ("headers", "page", "expected"),
    [
        ([], b"", (OptOut.TDM,)),
        ([(b"tdm-reservation", b"0")], b"", ()),
        ([], b'<meta name="tdm-reservation" content="0">', ()),
        ([(b"tdm-reservation", b"0")], b'<meta name="tdm-reservation" content="1">', (OptOut.TDM,)),
    ],
)
def test_a_page_may_say_otherwise_than_its_site(
    headers: list[tuple[bytes, bytes]], page: bytes, expected: tuple[OptOut, ...]
) -> None:
    assert opt_outs(headers, page, is_reserved=True) == expected
