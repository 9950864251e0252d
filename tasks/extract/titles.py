"""The headline of a page: what its heading shows and its other titles agree with, without the name of the site."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from newsmill.tasks.extract.features import fold
from newsmill.tasks.extract.structured import ALIKE, UNSPACED, Facts, clean, likeness, squeezed, tokens

_LONGEST = 300
_NAME = 80
"""Characters of the longest headline and of the longest name of a site."""

_FEW = 4
"""Words that a site's name and a section's have at most, and a headline at least."""

_FIRST_HEADINGS = 4
"""Headings below the first level among which a second headline stands; those farther down lead to other articles."""

_SEPARATOR = re.compile(r"\s*(?:[|｜·•»«‹›⋆_/\\~:：,，;]|[–—]|::)\s*|\s+-{1,2}\s+|-")
"""What may part a headline from the site's name."""

_CERTAIN = re.compile(r"\s*[|｜]\s*|\s+(?:::|[•»«‹›⋆])\s+|_")
"""What stands in no headline, and parts it from the rest even where the site's name is not known."""

_OUTLET = re.compile(r"(?:网|網|报|報|新闻|新聞|ニュース|オンライン|뉴스|일보|신문)(?:\s+\w+)?\s*$")
"""What ends the name of an outlet where names are not written with capitals."""

_OUTLET_MARK = re.compile(r"\s*(?:[-–—_|｜]+|::)\s*")
_OUTLET_CHARACTERS = 12
_BREAKS = frozenset(["br", "div", "p", "hr", "li", "ul", "section", "header", "h1", "h2", "h3", "h4", "h5", "h6"])
_DASH = re.compile(r"\s+[-–—]\s+")
_CUT_OFF = re.compile(r"\s*(?:\.\.\.|…)$")


def find_title(
    tree: HtmlElement, article: Facts, metas: Mapping[str, str], site_names: Collection[str] = ()
) -> str | None:
    """The headline: the heading that the page's other titles agree with, or those titles without the site's name.

    ``site_names`` are the names of the site and of its publisher, squeezed.
    """
    known = [bare for bare in (without_site(title, site_names) for title in stated_titles(article, metas)) if bare]
    element = tree.find("head/title")
    named = clean(element.text_content()) if element is not None else None
    if named and (bare := without_site(named, site_names)):
        known.append(_without_tail(bare, known))
    folded = {fold(title) for title in known}
    headings = [h for h in headings_of(tree, folded, "h1") if fold(h) and not names_site(h, site_names)]
    scored = [(likeness(h, known), -i, h) for i, h in enumerate(headings) if len(h) <= _LONGEST]
    if scored:
        share, _, heading = max(scored)
        if share >= ALIKE or not known or (len(scored) == 1 and share > 0.1 and _size(heading) >= _FEW):
            headline = _without_kicker(without_site(heading, site_names), known)
            return _shown_and_shared(tree, headline, metas, site_names) or headline
    lower = (h for h in headings_of(tree, folded, "h2", "h3") if fold(h) in folded)
    if (below := next(lower, None)) is not None:
        return _without_kicker(below, known)
    return next((title for title in known if not _CUT_OFF.search(title)), next(iter(known), None))


def _shown_and_shared(
    tree: HtmlElement, headline: str, metas: Mapping[str, str], site_names: Collection[str]
) -> str | None:
    """The title that the page is shared under, where the h1 is another and the first lower headings show this one.

    Such an h1 is for search engines. The lower heading may have a kicker ahead of it, and so may the h1.
    """
    shared = without_site(clean(metas.get("og:title")) or "", site_names)
    folded, others = fold(shared), frozenset([fold(shared)])
    if _size(shared) < _FEW or fold(headline).endswith(folded):
        return None
    lower = map(fold, islice(headings_of(tree, others, "h2", "h3"), _FIRST_HEADINGS))
    return shared if any(heading == folded or heading.endswith(f" {folded}") for heading in lower) else None


def page_titles(tree: HtmlElement, metas: Mapping[str, str]) -> list[str]:
    """All that a page calls itself, its JSON-LD left out: in its meta elements, its window's title, its h1."""
    window = (element.text_content() for element in tree.findall("head/title"))
    return [title for title in (*stated_titles({}, metas), *map(clean, window), *headings_of(tree, (), "h1")) if title]


def stated_titles(article: Facts, metas: Mapping[str, str]) -> list[str]:
    """The titles that a page states of itself for machines, but for that of its window."""
    stated = [
        article.get("headline"),
        metas.get("og:title"),
        metas.get("twitter:title"),
        metas.get("headline"),
        metas.get("dc.title"),
    ]
    return [title for title in map(clean, stated) if title]


def headings_of(tree: HtmlElement, known: Collection[str], *tags: str) -> Iterator[str]:
    """The texts of a page's headings. Elements that touch are words apart unless a known title has them in one."""
    for element in tree.iter(*tags):
        apart, close = (clean(_text_of(element, gap).replace("<", "&lt;")) for gap in (" ", ""))
        if apart and close:
            yield close if fold(close) in known else apart


def _text_of(element: HtmlElement, gap: str) -> str:
    """The text of a heading with a space for each line break or box, and ``gap`` between elements that touch."""
    parts: list[str] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        if inner is not element and inner.tag in _BREAKS:
            parts.append(" ")
        if event == "start":
            before = inner.getprevious()
            if inner is not element and before is not None and not before.tail:
                parts.append("" if inner.tag == "wbr" else gap)
            parts.append(inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return "".join(parts)


def _size(text: str) -> int:
    return len(tokens(text))


def _without_kicker(heading: str, known: Sequence[str]) -> str:
    """Cut a section's name that stands in the h1 before the headline: the page's other titles are without it.

    What a colon parts from the rest is the section's name only where no other title has it.
    """
    folded, titles = fold(heading), [fold(title) for title in known]
    for title, bare in zip(known, titles, strict=True):
        gap = "" if UNSPACED.search(bare) else " "
        if _size(bare) >= _FEW and folded.endswith(f"{gap}{bare}") and folded != bare:
            has_colon = ":" in heading[: len(heading) - len(title) + 1][-3:]
            if folded not in titles or not has_colon:
                return title
    return heading


def without_site(title: str, site_names: Collection[str]) -> str:
    """A title without the names of the site behind it and before it, whatever parts them; itself if nothing is left."""
    cuts = list(_SEPARATOR.finditer(title))
    tails = (cut for cut in cuts if len(title) - cut.end() <= _NAME and names_site(title[cut.end() :], site_names))
    end = next((cut.start() for cut in tails), len(title))
    heads = (cut for cut in reversed(cuts) if cut.end() < end and cut.start() <= _NAME)
    start = next((cut.end() for cut in heads if names_site(title[: cut.start()], site_names)), 0)
    return title[start:end].strip() or title


def names_site(text: str, site_names: Collection[str]) -> bool:
    """Whether a text is the site's name, or a few words in capitals that begin or end with it."""
    own = squeezed(text)
    if not own:
        return False
    if own in site_names or own.removeprefix("the") in site_names:
        return True
    words = text.split()
    return (
        len(words) <= _FEW
        and all(not word[0].islower() for word in words)
        and any(len(site) >= 5 and (own.startswith(site) or own.endswith(site)) for site in site_names)
    )


def _without_tail(title: str, known: Sequence[str]) -> str:
    """The title of a window without what follows the headline: all that the page's other titles do not have, or a few
    words behind a mark that stands in no headline, or, in capitals, behind a dash."""
    for other in known:
        rest = title[len(other) :].strip()
        is_start = fold(title[: len(other)]) == fold(other)
        if _size(other) >= _FEW and is_start and rest and not rest[0].isalnum() and not _CUT_OFF.search(other):
            return title[: len(other)]
    for pattern, is_sure in ((_CERTAIN, True), (_DASH, False)):
        cuts = list(pattern.finditer(title))
        if cuts and _size(title[: cuts[-1].start()]) >= _FEW - is_sure:
            words = title[cuts[-1].end() :].split()
            if 0 < len(words) <= _FEW and (is_sure or all(not word[0].islower() for word in words)):
                return title[: cuts[-1].start()]
    return _without_outlet(title)


def _without_outlet(title: str) -> str:
    """The title of a window without the short names of outlets that its script tells by their last character."""
    parts, cuts = _OUTLET_MARK.split(title), list(_OUTLET_MARK.finditer(title))
    if cuts and _names_outlet(parts[-1]):
        return _without_outlet(title[: cuts[-1].start()])
    return title[cuts[0].end() :] if cuts and _names_outlet(parts[0]) else title


def _names_outlet(part: str) -> bool:
    return len(part) <= _OUTLET_CHARACTERS and bool(_OUTLET.search(part))
