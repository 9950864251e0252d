"""dedupe: the same article under another address, or again, is kept once and the copies point at it.

Every decision depends only on articles that come earlier by (logical date, time of publication, article id, position),
so re-running a past date gives that date's answer again, whatever has landed since. In three steps, each a function of
its arguments: :func:`relate` finds which texts may be alike and which published articles matter, :func:`compare
<newsmill.tasks.inputs.fingerprint.compare>` says how alike the texts are, :func:`find_duplicates` decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from newsmill.schemas.words import DuplicateMethod
from newsmill.tasks.dedupe.candidates import Fingerprint
from newsmill.tasks.inputs.fingerprint import SAME, Similarity

# Deciding

UNLIKE_JACCARD, UNLIKE_CONTAINMENT = 0.3, 0.5
"""Below both of them two texts are not taken for two states of one page, whatever address they have in common. Stories
of one site that share nothing but what stands around them are at a similarity of .1 to .25."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which similarity on two texts are one article: ``jaccard``; or ``containment``, if the shorter text is at
    least ``share`` of the longer one, as it is not in a live blog that takes up a report."""

    jaccard: float
    containment: float
    share: float

    def met_by(self, found: Similarity) -> bool:
        """Whether two texts so alike are one article."""
        return found.jaccard >= self.jaccard or (found.containment >= self.containment and found.share >= self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """``later`` is suppressed in favour of ``kept``."""

    later: Fingerprint
    kept: Fingerprint
    method: DuplicateMethod
    similarity: Similarity


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The articles to keep, in order of input, the copies, and the last published text of those with a history."""

    kept: tuple[Fingerprint, ...]
    matches: tuple[Match, ...]
    revised: dict[str, Fingerprint]

    def revision(self, article: Fingerprint) -> int:
        """0 for the first text at an address, then counted up."""
        before = self.revised.get(article.article_id)
        return before.revision + 1 if before else 0


type Similarities = Mapping[tuple[int, int], Similarity]
"""How alike texts are, by their hashes; a pair stands there in one order."""


def find_duplicates(
    articles: Iterable[Fingerprint], known: Iterable[Fingerprint], similarities: Similarities, thresholds: Thresholds
) -> Decision:
    """Decide for each article of a run whether an earlier one stands for it.

    ``known`` holds the published articles of earlier dates. The same words are a duplicate (``same_url`` if the address
    is the same too); the same address with other words is a new revision if it comes from an earlier date, and a
    duplicate within one date, since a date holds one row an article; other addresses with words much alike are a
    duplicate, ``near``. Of the versions of an item within one date the highest is kept, and
    one that comes after a higher one is a duplicate of it on any date. Whatever stands for an article
    is kept itself, and the earliest that could.

    Pages state addresses that are not theirs, and parameters that look like tracking number the stories of a site. So
    where a text that is unlike stands at an article's address, the article is known by the next one of its ``ids``.
    """
    by_text: dict[int, Fingerprint] = {}
    by_id: dict[str, Fingerprint] = {}
    for article in sorted(known, key=lambda a: a.position):
        by_text.setdefault(article.text_hash, article)
        by_id[article.article_id] = article
    near = _near(similarities, thresholds)
    owners: dict[str, Fingerprint] = {}
    kept, matches, revised = [], [], {}
    articles = _in_order(articles)
    for article in articles:
        if not article.further_ids:
            owners.setdefault(article.article_id, article)
    for stated in articles:
        if same := by_text.get(stated.text_hash):
            method = DuplicateMethod.SAME_URL if same.article_id in stated.ids else DuplicateMethod.SAME_TEXT
            matches.append(Match(later=stated, kept=same, method=method, similarity=SAME))
            continue
        article, before = _at_its_address(stated, by_id, owners, similarities)
        if before and (before.logical_date == article.logical_date or 0 < article.version < before.version):
            found = similarity_of(similarities, article, before)
            matches.append(Match(later=article, kept=before, method=DuplicateMethod.SAME_URL, similarity=found))
        elif before is None and (others := [by_text[text] for text in near[article.text_hash] if text in by_text]):
            other = min(others, key=lambda a: a.position)
            found = similarity_of(similarities, article, other)
            matches.append(Match(later=article, kept=other, method=DuplicateMethod.NEAR, similarity=found))
        else:
            if before:
                revised[article.article_id] = before
            by_text[article.text_hash] = by_id[article.article_id] = article
            kept.append(article)
    return Decision(
        kept=tuple(sorted(kept, key=lambda a: a.index)),
        matches=tuple(sorted(matches, key=lambda m: m.later.index)),
        revised=revised,
    )


def _in_order(articles: Iterable[Fingerprint]) -> list[Fingerprint]:
    """In the order in which they are decided: by position, but what a higher version replaces comes behind it."""
    articles = list(articles)
    highest: dict[str, int] = {}
    for article in articles:
        highest[article.article_id] = max(article.version, highest.get(article.article_id, 0))
    return sorted(articles, key=lambda a: (a.version < highest[a.article_id], a.position))


def _at_its_address(
    stated: Fingerprint,
    by_id: Mapping[str, Fingerprint],
    owners: Mapping[str, Fingerprint],
    similarities: Similarities,
) -> tuple[Fingerprint, Fingerprint | None]:
    """An article as it is known, and the one that stood at that address before, if any did.

    That is at the first of its addresses where nothing unlike stands, and at the last one whatever stands there. It
    makes way for one of the same date that has no other address, too.
    """
    for known_by in stated.ids:
        before = by_id.get(known_by)
        rival = before or (owners.get(known_by) if stated.further_ids else None)
        if rival is None or rival.text_hash == stated.text_hash:
            break
        if not _is_unlike(similarity_of(similarities, stated, rival)):
            break
    return replace(stated, article_id=known_by, further_ids=()), before


def _is_unlike(found: Similarity) -> bool:
    return found.jaccard < UNLIKE_JACCARD and found.containment < UNLIKE_CONTAINMENT


def _near(similarities: Similarities, thresholds: Thresholds) -> defaultdict[int, list[int]]:
    """For each text those that are one article with it."""
    near: defaultdict[int, list[int]] = defaultdict(list)
    for (one, other), found in similarities.items():
        if thresholds.met_by(found):
            near[one].append(other)
            near[other].append(one)
    return near


def similarity_of(similarities: Similarities, article: Fingerprint, other: Fingerprint) -> Similarity:
    """How alike the texts of two articles are, which were one of the pairs that were compared."""
    one, two = article.text_hash, other.text_hash
    return similarities.get((one, two)) or similarities[two, one]
