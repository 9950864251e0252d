"""dedupe: the same article under another address, or again, is kept once and the copies point at it.

Every decision depends only on articles that come earlier by (logical date, time of publication, article id, position),
so re-running a past date gives that date's answer again, whatever has landed since.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsmill.schemas.words import DuplicateMethod

_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|yclid|gclsrc|dclid|msclkid|igshid|_ga|_gl|cmpid|cmp|ncid|ito|ref_?src|ref_?url|smid|smtyp|"
    r"ocid|xtor|at_\w+|wt_\w+|pk_\w+|mtm_\w+|fb_\w+|spm|share|__twitter_impression|guccounter|guce_\w+|feature"
)
_WORD = re.compile(r"\w+")
_HOST = re.compile(r"[a-z0-9_.~-]+|[0-9a-f:.]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str | None) -> str | None:
    """The address that all variants of one page share; null for none or for one that is not http(s).

    Scheme and host in lower case, default ports, fragments, ``www.`` and tracking parameters dropped, the remaining
    parameters in order of name, a trailing slash dropped; the path keeps its case, since servers tell it apart.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in _DEFAULT_PORTS or not host or re.search(r"\s", url.strip()):
        return None
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return None
    if not _HOST.fullmatch(host):
        return None
    host = f"[{host}]" if ":" in host else host.removeprefix("www.")
    netloc = host + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")
    pairs = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0].lower())
    ]
    path = parts.path.rstrip("/") or "/"
    return urlunsplit(("https", netloc, path, urlencode(sorted(pairs)), ""))


def text_hash(text: str) -> str:
    """SHA-256 over the text's words in lower case: equal for texts that differ in spacing, case and punctuation."""
    return hashlib.sha256(" ".join(_WORD.findall(text.lower())).encode()).hexdigest()


def article_id(canonical: str | None, text: str) -> str:
    """16 hex digits that stand for the page, or for the text of an input without an address."""
    return hashlib.sha256((canonical or f"text:{text_hash(text)}").encode()).hexdigest()[:16]


class Position(NamedTuple):
    """Where an article stands in time. Earlier articles are kept, later copies point at them."""

    logical_date: date
    published_at: str
    article_id: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What dedupe needs to know of an article; ``index`` is its place among the inputs of its run."""

    logical_date: date
    article_id: str
    text_hash: str
    published_at: datetime | None
    index: int
    text: str | None = None
    """Needed by a near-duplicate search only."""

    @property
    def position(self) -> Position:
        """Articles without a time of publication come last within their date."""
        moment = self.published_at.isoformat() if self.published_at else "~"
        return Position(self.logical_date, moment, self.article_id, self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """``later`` is suppressed in favour of ``kept``; ``similarity`` is 1 for equal words."""

    later: Fingerprint
    kept: Fingerprint
    method: DuplicateMethod
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The articles to keep, in order of input, the copies, and for each kept article its revision."""

    kept: tuple[Fingerprint, ...]
    matches: tuple[Match, ...]
    revisions: dict[str, int]


type NearSearch = Callable[[Fingerprint], tuple[Fingerprint, float] | None]
"""The earliest near-duplicate among the articles that it was asked about before, with the similarity of the two."""


def find_duplicates(
    articles: Iterable[Fingerprint], ledger: Sequence[Fingerprint] = (), *, near: NearSearch | None = None
) -> Decision:
    """Decide for each article of a run whether an earlier one stands for it.

    ``ledger`` holds the published articles; those that do not come before the article are left out of its decision.
    The same words are a duplicate (``same_url`` if the address is the same too), the same address with other words is
    a new revision if it comes from an earlier date, and a duplicate within one date, since a date holds one row an
    article.
    """
    articles = sorted(articles, key=lambda a: a.position)
    by_text: dict[str, Fingerprint] = {}
    by_id: dict[str, list[Fingerprint]] = {}
    for known in sorted(ledger, key=lambda a: a.position):
        by_text.setdefault(known.text_hash, known)
        by_id.setdefault(known.article_id, []).append(known)
    kept, matches, revisions = [], [], {}
    for article in articles:
        match = _match(article, by_text, by_id, near)
        if match:
            matches.append(match)
            continue
        revisions[article.article_id] = len(by_id.get(article.article_id, ()))
        by_text.setdefault(article.text_hash, article)
        by_id.setdefault(article.article_id, []).append(article)
        kept.append(article)
    return Decision(
        kept=tuple(sorted(kept, key=lambda a: a.index)),
        matches=tuple(sorted(matches, key=lambda m: m.later.index)),
        revisions=revisions,
    )


def _match(
    article: Fingerprint,
    by_text: dict[str, Fingerprint],
    by_id: dict[str, list[Fingerprint]],
    near: NearSearch | None,
) -> Match | None:
    same_words = by_text.get(article.text_hash)
    if same_words:
        same_page = same_words.article_id == article.article_id
        method = DuplicateMethod.SAME_URL if same_page else DuplicateMethod.SAME_TEXT
        return Match(later=article, kept=same_words, method=method, similarity=1.0)
    for other in by_id.get(article.article_id, ()):
        if other.logical_date == article.logical_date:
            return Match(later=article, kept=other, method=DuplicateMethod.SAME_URL, similarity=0.0)
    found = near(article) if near else None
    return found and Match(later=article, kept=found[0], method=DuplicateMethod.NEAR, similarity=found[1])
