"""The pictures in an article, with their captions and credits.

A picture is the article's where it stands among the lines of its text, or, with a caption, right above them. Those that
lead to another page are its teasers, and small ones, icons, portraits of authors, advertising and what only counts
visits are none. The caption is what the page puts beside a picture as such; the credit is what it marks as one, or what
the caption ends with by its words: ``Photo: X / Y``, ``(AP Photo/X)``, ``© X``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress, islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from newsmill.schemas.rows import Image
from newsmill.tasks.extract.blocks import Block, line_of
from newsmill.tasks.extract.vicinity import Vicinity, names_of

_ABOVE = 6
"""Lines above the headline among which a picture with a caption is the article's."""
_MOST = 100
"""Pictures of one article; longer lists are galleries."""
_HOLDERS = 5
"""Elements around a picture that are looked at for its caption."""
_SMALL = 100
"""Pixels below which a picture is an ornament."""
_LONG_CAPTION = 1000
_LONG_CREDIT = 150
_CREDIT_WORDS = 14


def find_images(tree: HtmlElement, vicinity: Vicinity, base: str | None) -> tuple[Image, ...]:
    """The article's pictures in order of the page, each once; ``base`` is what their addresses start from."""
    found: dict[str, Image] = {}
    for picture in _pictures(tree, vicinity):
        url = _address(picture.element, picture.holder, base)
        if url is None:
            continue
        caption, credit = _caption_and_credit(picture)
        if not picture.is_inside and caption is None and credit is None:
            continue
        key = _name_of(url)
        known = found.get(key)
        if known is None:
            found[key] = Image(url, caption, credit)
        else:
            found[key] = Image(known.url, known.caption or caption, known.credit or credit)
        if len(found) == _MOST:
            break
    return tuple(found.values())


class _Picture(NamedTuple):
    """An ``img``, the element that holds it with its caption, and whether it stands among the lines of the text."""

    element: HtmlElement
    holder: HtmlElement
    is_inside: bool


def _pictures(tree: HtmlElement, vicinity: Vicinity) -> Iterator[_Picture]:
    """The pictures that may be the article's by their place and by what stands around them."""
    if vicinity.first is None or vicinity.last is None:
        return
    start = vicinity.first if vicinity.head is None else min(vicinity.first, vicinity.head)
    beside = {parent for i in vicinity.text if (parent := vicinity.blocks[i].element.getparent()) is not None}
    beside |= {vicinity.blocks[i].element for i in vicinity.text}
    body = tree.find("body")
    places: dict[HtmlElement, int] = {}
    for element in (body if body is not None else tree).iter("img", "amp-img"):
        line = places[element] = _line_ahead(element, vicinity, places)
        if line < start - _ABOVE or _is_ornament(element) or (line > vicinity.last and not _is_beside(element, beside)):
            continue
        holder = _holder(element)
        if not _is_foreign(element, holder, beside):
            yield _Picture(element, holder, start <= line <= vicinity.last)


def _line_ahead(element: HtmlElement, vicinity: Vicinity, known: Mapping[HtmlElement, int]) -> int:
    """The last line that begins ahead of an element, -1 where none does; ``known`` are those of elements ahead."""
    at: HtmlElement | None = element
    while at is not None:
        if at in vicinity.lines:
            return vicinity.lines[at][0]
        if at in known:
            return known[at]
        before = at.getprevious()
        at = at.getparent() if before is None else before
        while before is not None:
            at, before = before, next(before.iterchildren(reversed=True), None)
    return -1


def _is_beside(element: HtmlElement, beside: set[HtmlElement]) -> bool:
    return any(parent in beside for parent in islice(element.iterancestors(), _HOLDERS))


_CAPTION_NAME = re.compile(
    r"caption|legend|(?<![a-z])cutline|bild-?(?:unter|text|beschr)|bildunterschrift|pie-?de-?(?:foto|imagen)|leyenda|"
    r"didascalia|bijschrift|onderschrift|podpis|(?:image|img|photo|foto|picture|media)-?(?:text|desc|title|info|meta|"
    r"legend|byline|details)"
)
_CREDIT_NAME = re.compile(
    r"credit|(?<!re)source|copyright|copyholder|photographer|fotograf|courtesy|quelle|urheber|rechte|autor|author|"
    r"byline|attribution|agency|agentur|provider|owner|rights|firma|fuente|fonte|cr[eé]dito|licen[sc]e"
)
_HIDDEN_NAME = re.compile(r"visually-?hidden|sr-only|screen-?reader|(?:hide|toggle)-caption|offscreen|a11y|assistive")


def _holder(element: HtmlElement) -> HtmlElement:
    """The figure that a picture stands in, else the nearest element that holds a caption with it, else its own."""
    own = element
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag == "figure":
            inner = parent
            outer = next((p for p in parent.iterancestors("figure")), None)  # WordPress puts figures into galleries
            return inner if outer is None or inner.find(".//figcaption") is not None else outer
        if depth > _HOLDERS or parent.tag in {"body", "article", "main", "section"}:
            break
        if len(parent) > 1 and own is element and _is_alone(parent) and _caption_within(parent) is not None:
            own = parent
    if own is element:
        parent = element.getparent()
        return parent if parent is not None and parent.tag in {"picture", "a"} else element
    return own


def _is_alone(holder: HtmlElement) -> bool:
    """Whether an element holds one picture, not a list of them."""
    pictures = (p for p in holder.iter("img", "amp-img") if next(p.iterancestors("noscript"), None) is None)
    return len(list(islice(pictures, 2))) == 1


def _caption_within(holder: HtmlElement) -> HtmlElement | None:
    """The element that a page marks as a caption."""
    for element in holder.iterdescendants("figcaption"):
        return element
    for element in holder.iterdescendants("div", "p", "span", "em", "small", "dd", "td", "h6"):
        if _is_caption_name(names_of(element)) and "".join(element.itertext()).strip():
            return element
    return None


@lru_cache(maxsize=4096)
def _is_caption_name(names: str) -> bool:
    return _CAPTION_NAME.search(names) is not None


_NOT_HERE = frozenset({"nav", "footer", "form", "button", "aside", "menu", "dialog", "template"})
_OTHER_NAME = re.compile(
    r"(?<![a-z])(?:ads?|advert\w*|banner|sponsor\w*|promo\w*|related\w*|recommend\w*|read-?more|newsletter|"
    r"shar(?:e|ing)|social|comments?|sidebar|logo|icons?|emoji|sprite|breadcrumb|menu|more-(?:news|stories)|"
    r"most-(?:read|popular)|paywall|subscri\w*|widget)(?![a-z])"
)
_NEVER_NAME = re.compile(
    r"(?<![a-z])(?:teasers?|avatar|gravatar|outbrain|taboola|video-?(?:player|embed|container|js)?|player|"
    r"(?:author|byline|autor|writer|journalist)s?-?(?:image|img|photo|picture|pic|portrait|box|bio|info|card|avatar|"
    r"thumb\w*|head\w*|wrap\w*)?|(?<!-)(?:bio|profile))(?=\s|$)"
)
"""Names of what holds no picture of the article, whether it has a caption or not."""

_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#/!])", re.IGNORECASE)


def _is_foreign(element: HtmlElement, holder: HtmlElement, beside: set[HtmlElement]) -> bool:
    """Whether a picture is of something else than the article: a teaser, a portrait, advertising."""
    is_figure = holder.tag == "figure" and _caption_within(holder) is not None
    is_within = True
    for parent in element.iterancestors():
        if parent in beside and parent.tag not in _NOT_HERE:
            break
        if parent.tag in _NOT_HERE and not (parent.tag in {"aside", "button"} and is_figure):
            return True
        names = names_of(parent)
        if _NEVER_NAME.search(names) or (not is_figure and _OTHER_NAME.search(names)):
            return True
        if parent.tag == "a" and not (is_figure and is_within) and _leads_away(parent.get("href") or ""):
            return True
        is_within = is_within and parent is not holder
    return False


def _leads_away(href: str) -> bool:
    """Whether a link around a picture leads to another page: not to the picture itself, or to a place on this one."""
    return not href.startswith("#") and _FILE.search(href) is None


_ORNAMENT = re.compile(
    r"(?<![a-z])(?:icons?|logos?|avatars?|sprites?|pixel|spacer|blank|beacon|emoji|gravatar|badge|favicon|1x1|tracking|"
    r"transparent|loading|smiley|wp-smiley|rating|stars?)(?![a-z])",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"doubleclick|googlesyndication|scorecardresearch|facebook\.com/tr|gravatar\.com|chartbeat|google-analytics|"
    r"quantserve|adnxs|vgwort|ivwbox|taboola|outbrain|analytics|/pixel|/embed/|jwplayer|\.svg(?:$|[?#])|app-?icon|advertorial|"
    r"/(?:logos?|icons?|avatars?|emojis?|sprites?|themes|plugins|smilies|arc-authors)/",
    re.IGNORECASE,
)


def _is_ornament(element: HtmlElement) -> bool:
    sizes = [_pixels(element.get(side)) for side in ("width", "height")]
    if any(size is not None and size < _SMALL for size in sizes):
        return True
    return _ORNAMENT.search(f"{element.get('class', '')} {element.get('id', '')}") is not None


def _pixels(size: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", size or "")
    return int(match[1]) if match else None


# Addresses

_LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image", "data-img", "data-full-src"),
    *("data-hi-res-src", "data-original-src", "data-srclarge", "data-large", "data-fallback-src", "data-img-src"),
)
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set", "data-sizes-srcset")
_CANDIDATE = re.compile(r"\s*,?\s*(\S*[^,\s])(?:\s+([\d.]+)([wx])[^,]*)?\s*(?:,|$)")
_STAND_IN = re.compile(
    r"placeholder|spacer|blank\.|1x1|pixel\.|transparent|lazy-?load|loading\.|grey\.|empty\.", re.IGNORECASE
)


def _address(element: HtmlElement, holder: HtmlElement, base: str | None) -> str | None:
    """The largest form of a picture, in full; None where it has none on the web."""
    outer = next(element.iterancestors("picture"), None)  # the parser puts what follows a source into it
    sources = [] if outer is None else list(outer.iter("source"))
    sized: list[tuple[float, str]] = []
    for one in [element, *sources]:
        for name in _SETS:
            sized += _candidates(one.get(name) or "")
    size, largest = max(sized, key=lambda found: found[0], default=(0.0, ""))
    stated = [*(element.get(name) for name in _LAZY), element.get("src")]
    stated += [inner.get("src") for unscripted in holder.iter("noscript") for inner in unscripted.iter("img")]
    stated = [largest, *stated] if size > 1 else [*stated, largest]  # without sizes, a set is of other forms of it
    return next((url for one in stated if one and (url := _absolute(one, base))), None)


def _candidates(srcset: str) -> Iterator[tuple[float, str]]:
    """The addresses of a srcset, each with its width or density; 1 for neither."""
    for address, size, _ in _CANDIDATE.findall(srcset):
        try:
            yield float(size or 1), address
        except ValueError:
            continue


def _absolute(stated: str, base: str | None) -> str | None:
    try:
        url = urljoin(base or "", stated.strip())
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        return None
    if scheme not in {"http", "https"} or not host or "{" in url or _STAND_IN.search(url):
        return None
    name = url.rpartition("/")[2]
    if _COUNTERS.search(url) or _ORNAMENT.search(name):
        return None
    return re.sub(r"\s+", "%20", url)


def _name_of(url: str) -> str:
    """An address without what says how large it is shown, by which one picture is told from another."""
    parts = urlsplit(url)
    path = re.sub(r"-\d{2,4}x\d{2,4}(?=\.\w+$)", "", parts.path)
    return f"{parts.hostname}{path}" if _FILE.search(path) else url


# Captions and credits


_LEAST_TEXT = 0.5
"""Share of the text below which what is left of it without captions is no article: then it is one of pictures."""


def without_captions(blocks: Sequence[Block], chosen: Sequence[bool]) -> list[bool]:
    """Which lines are the article's without those in the captions of its pictures, unless these are most of it."""
    kept = [is_chosen and not _is_caption(block.element) for block, is_chosen in zip(blocks, chosen, strict=True)]
    before, after = (sum(len(block.text) for block in compress(blocks, lines)) for lines in (chosen, kept))
    return kept if after >= _LEAST_TEXT * before else list(chosen)


def _is_caption(element: HtmlElement) -> bool:
    """Whether an element is in the ``figcaption`` of a picture. Other marks of captions are used for text, too."""
    for outer in (element, *islice(element.iterancestors(), 3)):
        if outer.tag == "figcaption":
            figure = outer.getparent()
            return figure is not None and figure.find(".//img") is not None
    return False


def _caption_and_credit(picture: _Picture) -> tuple[str | None, str | None]:
    holder = picture.holder
    marked = _caption_within(holder) if holder is not picture.element else None
    if marked is None and holder.tag != "figure":
        marked = _caption_behind(holder)
    scope = holder if holder.tag == "figure" else marked
    credited = [] if scope is None else _credit_elements(scope, marked)
    credit = next((text for one in credited if (text := _credit_in(_words(one)))), None)
    caption = _words(marked, credited) if marked is not None and marked not in credited else None
    caption = caption or line_of(picture.element.get("data-caption") or "") or None
    if caption is not None and "<" in caption:
        caption = line_of(re.sub(r"<[^>]*>", " ", caption)) or None
    if caption is not None and len(caption) > _LONG_CAPTION:
        return None, credit
    if caption is not None:
        caption, ending = split_credit(caption)
        credit = ending if credit is None or (ending and credit in ending) else credit
    return caption, credit


def _caption_behind(holder: HtmlElement) -> HtmlElement | None:
    """The element right behind a picture, if a page marks it as a caption."""
    for outer in [holder, *islice(holder.iterancestors("a", "picture", "div", "p"), 2)]:
        behind = outer.getnext()
        if behind is not None and isinstance(behind.tag, str) and _CAPTION_NAME.search(names_of(behind)):
            return behind if behind.find(".//img") is None else None
    return None


_CREDIT_TAGS = ("span", "div", "p", "cite", "small", "em", "i", "a", "b", "strong", "figcaption", "li", "dd")


def _credit_elements(scope: HtmlElement, caption: HtmlElement | None) -> list[HtmlElement]:
    """The outermost elements that a page marks as a credit, each of a line's length."""
    found: list[HtmlElement] = []
    for element in scope.iter(*_CREDIT_TAGS):
        if any(outer in found for outer in element.iterancestors()):
            continue
        is_credit = element.tag == "cite" or _CREDIT_NAME.search(names_of(element))
        holds_caption = caption is not None and element is not caption and element in set(caption.iterancestors())
        if is_credit and not holds_caption and element.find(".//img") is None:
            if _CAPTION_NAME.search(names_of(element)) and element is caption:
                continue
            words = _words(element)
            if words and len(words) <= _LONG_CREDIT:
                found.append(element)
    return found


_APART = frozenset({"p", "div", "br", "li", "figcaption", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "span", "small"})


def _words(element: HtmlElement, without: Iterable[HtmlElement] = ()) -> str:
    """The visible text of an element as one line, but for other elements in it."""
    skipped = set(without)
    pieces: list[str] = []
    walk = iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        is_apart = inner.tag in _APART
        if event == "start":
            is_hidden = (
                not isinstance(inner.tag, str)
                or inner.tag in {"button", "script", "style", "noscript", "svg", "template"}
                or (inner is not element and _HIDDEN_NAME.search(names_of(inner)) is not None)
            )
            if is_hidden or inner in skipped:
                walk.skip_subtree()
                pieces.append(" ")
                inner_text = None
            else:
                inner_text = inner.text
            pieces.append((" " if is_apart and inner.tag != "span" else "") + (inner_text or ""))
        elif inner is not element:
            pieces.append((" " if is_apart and inner.tag != "span" else "") + (inner.tail or ""))
    return _TOLD.sub("", line_of("".join(pieces))).strip(" |·•–—-/,;")


_TOLD = re.compile(
    r"^(?:image|photo|picture|media) caption,?\s*:?\s*|\b(?:hide|toggle|show|view|read more) caption\b|"
    r"\benlarge this image\b|^(?:open|view) image in (?:gallery|full-? ?screen|modal)\b|\bview image in fullscreen\b|"
    r"\bbild(?:er)? vergrößern\b|^image \d+ of \d+|^\d+\s*/\s*\d+(?=\s)|\s(?:zoom|vergrößern|agrandir|enlarge)$",
    re.IGNORECASE,
)
"""What tells screen readers, or offers them, at a caption."""

_LABELS = (
    # English
    "photo photos photograph photographs photography photographer image images picture pictures credit credits source "
    "sources illustration illustrations graphic video still courtesy "
    # German, Dutch, Scandinavian, Finnish
    "foto fotos bild bilder bildquelle bildrechte quelle fotograf grafik symbolbild archivbild archivfoto titelbild "
    "beeld fotografie kuva valokuva bilde billede "
    # French, Spanish, Portuguese, Italian, Romanian, Hungarian
    "crédit crédits crédito créditos credito crediti photographie fotografía fotografia imagen imagem immagine fuente "
    "fonte fonti fotografias autor autora autore sursa fotó "
    # Polish, Czech, Turkish, Indonesian, Vietnamese
    "fot zdjęcie zdjęcia źródło zdroj fotoğraf kaynak sumber dok ảnh nguồn "
    # Cyrillic, Greek, Hebrew, Arabic, Persian
    "фото фотография источник джерело снимка снимок φωτογραφία φωτο πηγή תמונה צילום صورة تصوير المصدر عکس منبع "
    # Japanese, Chinese, Korean, Hindi, Bengali, Thai
    "写真 撮影 写真提供 提供 図 图片 圖片 图源 圖源 图片来源 圖片來源 来源 사진 출처 फोटो तस्वीर ছবি ภาพ"
)
_LONG_LABELS = (
    *("image source", "image credit", "photo credit", "picture credit"),
    *("crédit photo", "crédits photo", "photo crédit", "crédito foto", "foto kredit"),
)
_LABEL = "|".join(sorted(map(re.escape, (*_LABELS.split(), *_LONG_LABELS)), key=len, reverse=True))
_BY = r"(?:\s+(?:by|courtesy|source|kredit|credits?|of|via|von|de|par|di|da|por|av|door|autor))*"
_AGENCIES = (
    r"Getty|AFP|A\.?P\.?|Associated Press|Reuters|REUTERS|EPA|EFE|ANSA|dpa|DPA|imago|IMAGO|picture[- ]alliance|PA Wire|"
    r"PA|Shutterstock|iStock|Alamy|Xinhua|TASS|Bloomberg|Unsplash|Pexels|Pixabay|Wikimedia|Keystone|APA|ANP|TT|NTB|"
    r"Ritzau|PAP|MTI|CTK|ČTK|AAP|SIPA|Sipa|Belga|Lusa|LUSA|NurPhoto|Zuma|ZUMA|LaPresse|AA|Anadolu|Kyodo|Yonhap|PTI|ANI|"
    r"[Hh]andout|Press Association|Canadian Press|Adobe Stock|stock\.adobe\.com|Depositphotos|Europa Press|Facebook|"
    r"Instagram|Twitter|[Ss]creenshot|Flickr|NASA|Photo|Foto"
)
_HOUSE = r"(?: (?:Images|Pictures|Wire|Stock|Commons|News))?"
_GIVEN = r"(?:Supplied|Submitted|Contributed|Provided|Courtesy|Handout|Archiv|Privat|zVg)"
_APART_FROM_TEXT = r"(?:^|[.!?”\"’»)|]\s+|\s[|–—/-]\s+)"

_ENDINGS = (
    re.compile(
        rf"(?:^|[\s(\[|–—/-]|(?<=[.!?”\"’]))(?:{_LABEL}){_BY}\s*(?:[:：／]|\.\.\.)\s*(?P<credit>[^:：]{{2,100}}?)[)\]]?\.?$",
        re.IGNORECASE,
    ),
    re.compile(r"(?:^|[\s,(])(?:fot|zdj)\.\s*(?P<credit>[^.]{2,80})\.?$", re.IGNORECASE),
    re.compile(
        r"[(\[](?P<credit>(?:[\w.-]+ )?(?:AP|AFP|EPA|Reuters|PA|Pool)?\s*(?:Photo|Foto)s?\s*/[^()]{2,80})[)\]]\.?$",
        re.IGNORECASE,
    ),
    re.compile(r"(?:^|[\s(\[|–—-])(?:©|\(c\)|copyright:?|ⓒ)\s*(?P<credit>[^©]{2,100}?)[)\]]?\.?$", re.IGNORECASE),
    re.compile(rf"[(\[](?P<credit>[^()\[\]]{{0,70}}(?<!\w)(?:{_AGENCIES})(?!\w)[^()\[\]]{{0,50}})[)\]]\.?$"),
    re.compile(
        rf"{_APART_FROM_TEXT}(?:Photo(?:graph)?s?|Images?|Picture|Illustration|Graphic|Fotos?|Bild)(?: courtesy)?\s+"
        r"(?:by|of|von|de|via|from|par|di)\s+(?P<credit>[^.]{2,80})\.?$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_APART_FROM_TEXT}(?P<credit>(?:[^.!?|]{{2,60}}(?:/|\s[|–—-]\s|\bvia\s|,\s))?(?:{_AGENCIES})(?!\w){_HOUSE}"
        r"(?:\s*[/,|]\s*[^.!?]{2,50}|\s+via\s+[^.!?]{2,40})?)\.?$"
    ),
    re.compile(r"(?:^|[.!?”\"’»]\s*)\((?P<credit>[^\W\d_a-z][^()]{1,60})\)\.?$"),
    re.compile(rf"[.!?”\"]\s+(?P<credit>{_GIVEN}[^.]{{0,60}})\.?$"),
)
"""How a caption ends with its credit: by a label, an agency's own form, a sign, in brackets, by an agency's name, or by
a word for what was given."""

_STARTING = re.compile(
    rf"^(?:(?:{_LABEL}){_BY}\s*(?:[:：,／]|\.\.\.|(?=©))|(?:{_LABEL}):?$|©|\(c\)|ⓒ|copyright:?|"
    r"(?:photo|image|picture)s?\s+(?:by|courtesy of|courtesy)\s)\s*",
    re.IGNORECASE,
)


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A caption without the credit that it ends with, and the credit; None for what is not there."""
    if _STARTING.match(caption) and len(caption.split()) <= _CREDIT_WORDS:
        return None, _credit_in(caption)
    for ending in _ENDINGS:
        if match := ending.search(caption):
            credit = _credit_in(match["credit"])
            if credit is None:
                continue
            start = match.start() + (1 if caption[match.start()] in '.!?”"’»' else 0)
            return _before_bar(caption[:start].rstrip(" |·•–—-/,;([:"), credit)
    return _before_bar(caption, None)


def _before_bar(caption: str, credit: str | None) -> tuple[str | None, str | None]:
    """What stands behind a bar in a caption is of its credit."""
    before, bar, behind = caption.rpartition(" | ")
    if bar and len(behind) <= _LONG_CREDIT // 2 and (owner := _credit_in(behind)):
        return before or None, owner if credit is None or credit in owner else f"{owner} | {credit}"
    return caption or None, credit


def _credit_in(words: str) -> str | None:
    """A credit without its label, sign and brackets."""
    text = words.strip(" |·•–—-/,;.")
    if text[:1] in "([" and text[-1:] in ")]":
        text = text[1:-1].strip()
    for _ in range(2):
        text = _STARTING.sub("", text).strip(" |·•–—-/,;:")
    if text.count("(") > text.count(")"):
        text += ")"
    return text if len(text) > 1 and re.search(r"\w", text) else None
