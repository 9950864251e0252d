"""Who wrote an article: persons or bodies, as its page states them for machines or shows them in a byline.

A byline is cut at what parts names, in many languages, and every piece is looked at again: what is a date, a clock
time, a role, a label, a greeting of the page or an address is no name. What stands in the page's own data may be an
account or a body; what is only shown must read as a person's name, or be marked as the author's.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from lxml.etree import XPath
from lxml.html import HtmlElement

from newsmill.tasks.extract.features import fold
from newsmill.tasks.extract.structured import Facts, clean, first_of, resolved, squeezed
from newsmill.tasks.extract.vicinity import Vicinity, names_of
from newsmill.tasks.inputs.days import days_in

_MOST = 20
"""Authors that a page names at most."""

_LONGEST = 60
_BYLINE = 160
"""Characters of the longest name and of the longest byline."""

_LINK = re.compile(r"https?:|www\.|@\w+\.\w")
_ACCOUNT = re.compile(r"(?<!\w)@\w+")
_MAIL = re.compile(r"[<(\[]?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[>)\]]?")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[\w'’.-]*\w\.?")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""A character of a script whose names are written in one piece: kana, Han, Hangul."""

_CHINESE = re.compile(r"(?:作者|记者|通讯员)\s*[:：]?\s*[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+(?!\S)")
"""Chinese names with spaces between them."""

_CASELESS = re.compile(r"[\u0590-\u109f\u1200-\u139f\u1780-\u17ff\u3040-\ud7af]")
"""A character of a script without capitals."""

_BY_WORDS = (
    r"(?:(?:written|posted|published|reported|submitted|edited|recipe|story|words|text|analysis|opinion|blog|article|"
    r"review|interview|column|commentary|"
    r"(?:(?:view|see|read) )?all (?:posts|articles|stories))\s+)?by|with|avec|von|vom|par|por|door|av|af|od|oleh|"
    r"yazan|írta|napsal[ai]?|"
    r"(?:(?:ein |blog.?)?(?:beitrag|artikel|pressemitteilung|kommentar|bericht|text|interview|analyse)|erstellt|"
    r"geschrieben|veröffentlicht|verfasst|(?:zeige )?alle (?:beiträge|artikel)) von|"
    r"(?:publié|rédigé|écrit) par|(?:propos )?recueillis? par|tous les articles de|(?:escrito|publicado|redactado) por|"
    r"(?:scritto|pubblicato) da|a cura di|(?:geschreven|geplaatst) door|(?:skrevet|skriven) av|"
    r"autor(?:in|en|a|es|s)?(?:/autor(?:in)?)?|authors?|auteure?s?|autrice|autore|forfatter|författare|kirjoittaja|"
    r"penulis|yazar|автор(?:ы|и)?|συντάκτης|γράφει [οη]|كتب(?:ت)?|بقلم|الكاتب|מאת|نویسنده|تحریر|लेखक|द्वारा|โดย"
)
_LABELS = (
    r"redaktion|redazione|tekst|texte?|texto|testo|teksti|teks|текст|words|作者|記者|记者|撰文|文|取材・文|取材|構成"
)
_BY = re.compile(
    rf"\W*(?:(?:{_BY_WORDS})(?:\s*[:：]\s*|\s+)|(?:{_LABELS})\s*[:：/／]\s*|(?:本報記者|本报记者|記者|记者)\s*)",
    re.IGNORECASE,
)
_BY_OR_NAME = re.compile(r"(?:di|da|de)\s+(?=\S+\s+\S)", re.IGNORECASE)
"""Words of that meaning that names begin with as well; two words must follow."""

_SUFFIX = (
    r"(?:jr|sr|ii|iii|iv|esq|ph\.?\s?d|m\.?d|m\.?a|b\.?a|mba|m\.?sc|b\.?sc|ll\.?[mb]|j\.?d|r\.?n|cpa|cfa|obe|mbe|cbe|"
    r"d\.?phil|mph|rd|rdn)(?![\w-])"
)
"""What follows a name behind a comma and belongs to it."""

_CUT = re.compile(
    r"\s*(?:[\n|•·;；:：()\[\]]|\s[-–—]+(?:\s|$)|[–—]|\s+(?:am|at|in|aus|from|via|um|le|el|il|den)\s+(?=\S))\s*"
    rf"|\s*,\s*(?:and|und|et)\s+|\s*(,(?!\s*(?i:{_SUFFIX}))|[，、،/／])\s*",
)
"""What ends a name; a comma and its like, which may part a name from a role, is caught."""

_AND = re.compile(
    r"\s+(?:and|und|et|with|mit|avec|\+)\s+|\s*[&＆]\s*(?!co\b|sons?\b)|\s+(y|e|и|й|і|та|i|a|og|och|en|ja|és|ve|dan|và|și|ir|un|in|"
    r"na|at|con|com|och|kai|και|و|ו|और|এবং|와|과|和|及|と)\s+",
    re.IGNORECASE,
)
"""What joins two names; a word that is part of names too is caught."""

_CLOCK = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d\d(?:\s?(?:[ap]\.?m\b\.?|uhr\b))?|\d{1,2}\s?(?:[ap]\.?m\b\.?|uhr\b)", re.IGNORECASE
)
_PARTICLE_WORDS = (
    "de da do dos das di du del della delle des der den dem van von vom zu zur zum ter ten te la le el al as bin ibn "
    "ben bint abu y e i af av 't d' l' o' mac mc st st. san dalla dello degli lo los las"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_ROLES = (
    r"editors?|reporters?|writers?|correspondents?|journalists?|columnists?|producers?|photographers?|contributors?|"
    r"critics?|analysts?|interns?|fellows?|presenters?|broadcasters?|bloggers?|editor.in.chief|authors?|meteorologists?|"
    r"redakteur(?:in(?:nen)?|e)?|chefredakteur(?:in)?|\w*korrespondent(?:in(?:nen)?|en)?|journalist(?:in(?:nen)?|en)|"
    r"reporter(?:in(?:nen)?)|autor(?:in(?:nen)?|en)?|ressortleiter(?:in)?|\w*leiter(?:in)?|volont[äa]r(?:in)?|"
    r"pressesprecher(?:in)?|redaktionsleitung|fotograf(?:in)?|kolumnist(?:in)?|"
    r"rédac(?:teur|trice)s?|journalistes?|correspondante?s?|envoyée?s?|auteure?s?|chroniqueu(?:r|se)|"
    r"redactor(?:a|es|as)?|periodistas?|corresponsal(?:es)?|enviad[oa]s?|column?istas?|"
    r"giornalist[aei]|inviat[oai]|corrispondent[ei]|redattor[ei]|redattrice|"
    r"jornalistas?|repórter(?:es)?|redator(?:a|es)?|correspondentes?|"
    r"redacteur(?:en)?|verslaggever[s]?|journalisten?|redaktør(?:er)?|reportrar?|redaktör|toimittaja[t]?|"
    r"muhabir[i]?|editör[ü]?|yazar[ı]?|dziennikarz|dziennikarka|redaktor(?:ka)?|redaktorzy|novinář(?:ka)?|redaktorka|"
    r"журналист(?:ка)?|корреспондент|обозреватель|редактор|репортер|кореспондент|оглядач|"
    r"δημοσιογράφος|صحفي|مراسل|صحافي|محرر"
)
_ROLE = re.compile(_ROLES, re.IGNORECASE)
_PROFESSION = re.compile(
    r"\w*(?:ologists?|grapher|director|directeur|directrice|direktor(?:in)?|manager|president|professor(?:in)?|chair|"
    r"lawyer|attorney|expert(?:in)?|research(?:er)?|bureau|desk|founder|ceo|president[ea])|head",
    re.IGNORECASE,
)
"""What someone is by trade: behind a name and a comma, what follows is where."""

_PLURAL_ROLE = re.compile(r"(?:editor|reporter|writer|correspondent|journalist|contributor)s", re.IGNORECASE)
_QUALIFIER = re.compile(
    r"senior|junior|chief|deputy|associate|assistant|managing|executive|staff|freelance|guest|contributing|special|"
    r"political|politics|business|economics?|sports?|health|science|technology|tech|environment|education|culture|"
    r"entertainment|features?|foreign|international|national|local|world|home|city|crime|court|legal|royal|royals|"
    r"europe|africa|asia|us|uk|news|digital|online|data|social|media|investigative|investigations?|games?|gaming|"
    r"lifestyle|fashion|food|travel|arts?|music|film|tv|opinion|senior|lead|co|and|of|for|the|an?|our|web|show|"
    r"trending|weekend|night|breaking|general|assignment|community|former|leitender?|leitende|stellvertretender?|"
    r"stellvertretende|freier?|freie|ständiger?|en|chef|spécial|adjoint|especial|jefe|de|capo|di|specjalny|"
    r"специальный|главный|спецкор",
    re.IGNORECASE,
)
"""What stands before a role and belongs to it."""

_CJK_ROLE = re.compile(
    r"\s*(?:기자|특파원|논설위원|記者|记者|特派員|報導|报道|編集委員|論説委員)\s*$|^\s*(?:記者|记者|本報記者|本报记者)\s*"
)
_NO_NAME = re.compile(
    r"(?:admin|administrator|webmaster|root|user|staff|unknown|anonymous|none|null|undefined|nan|guest|author|by|"
    r"follow|shares?|shared|more|view|all|posts|posted|published|updated|modified|created|edited|sign|"
    r"subscribe|subscribed|newsletters?|comments?|reply|print|email|e-mail|mail|contact|about|profile|login|"
    r"register|advertisement|advertorial|sponsored|photos?|images?|pictures?|videos?|credits?|copyright|courtesy|"
    r"getty|shutterstock|search|menu|click|here|today|yesterday|ago|hours|minutes?|mins?|website|url|http|"
    r"said|says|writes|wrote|reports|reported|explains|tells|told|this|that|with|your|is|are|was|were|"
    r"uhr|vor|stunden?|minuten|tagen?|aktualisiert|veröffentlicht|erstellt|geändert|fotos?|bilder?|"
    r"publiziert|autorenseite|"
    r"quelle|teilen|folgen|kommentare?|mehr|über|artikel|beitrag|drucken|anzeige|gesponsert|sagt|schreibt|ist|sind|"
    r"publié|modifié|jour|heures?|lire|partager|suivre|photographie|crédit|"
    r"publicado|actualizado|compartir|seguir|leer|foto|imagen|publicada|atualizado|há|horas?|compartilhar|"
    r"pubblicato|aggiornato|condividi|leggi|geplaatst|bijgewerkt|gepubliceerd|geleden|delen|"
    r"publisert|oppdatert|publicerad|uppdaterad|opdateret|julkaistu|päivitetty|güncelleme|güncellendi|yayınlanma|"
    r"opublikowano|aktualizacja|zveřejněno|aktualizováno|před|hodinami|"
    r"фото|опубликовано|обновлено|источник|фотография|читать|подписаться|видео|комментарии|назад|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|"
    r"sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)",
    re.IGNORECASE,
)
"""Words of which one makes a text no name."""

_NO_LONE_NAME = re.compile(
    r"person|publisher|team|organi[sz]ation|"
    r"you|my|read|last|home|posts?|stand|name|hours?|mis|ore|fa|page|bio|top|new|et|est|edt|pst|pdt|gmt|utc|cet|ist",
    re.IGNORECASE,
)
"""Words that are no name by themselves, but are part of some."""

_DESKS: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(
    Path(__file__).with_name("desks.json").read_text(encoding="utf-8")
)
_DESK = frozenset(word for words in _DESKS.values() for word in words["desk"])
"""Words for the desk of a newspaper or for its unnamed staff, in the languages of ``desks.json``."""

_BESIDE_DESK = frozenset(word for words in _DESKS.values() for word in words["beside"])
"""What stands beside such words and names nobody either."""

_NUMBER = re.compile(r"\s+(?:[^\W\d_A-Z]+\s+)?\d")
"""A figure behind a name, or a word and a figure: hours ago, the day of a month."""

_CREDIT = re.compile(r"(?:photo|foto|bild|picture|image|video|illustration|grafik|graphic|фото)\w*", re.IGNORECASE)
"""What stands ahead of those who made pictures."""

_BESIDE_NAME = re.compile(
    r"\s+(?:for|on|of|für|pour|para|per|bei|updated|published|posted|aktualisiert|veröffentlicht|publié|mis à jour|"
    r"actualizado|publicado|aggiornato|pubblicato|atualizado|обновлено|опубликовано)(?!\w).*",
    re.IGNORECASE,
)
"""What may follow a person's name in its line and is no part of it."""

_DAY_WORD = re.compile(r"\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)\.?$", re.IGNORECASE)

_AUTHOR_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "twitter:misc:written by",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
)
_FAMILY_FIRST = frozenset({"dc.creator", "dcterms.creator", "citation_author"})
"""Fields in which libraries write ``Doe, Jane``."""

_WRITTEN_BY = re.compile(r"written by|author|autor|verfasst|geschrieben|par|por|écrit|escrito", re.IGNORECASE)
"""What a label of a Twitter card says whose content is the author."""

_LABELLED_TAGS = frozenset(
    [
        "a",
        "span",
        "p",
        "div",
        "address",
        "li",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "cite",
        "em",
        "strong",
        "small",
        "section",
        "ul",
    ]
)
_LABELLED = XPath(
    "//@rel[contains(., 'author')]/.. | //@itemprop[contains(., 'author')]/.. | //@class[contains(., 'uthor') or "
    "contains(., 'yline') or contains(., 'utor') or contains(., 'uteur')]/.. | //@id[contains(., 'uthor') or "
    "contains(., 'yline')]/.. | //@data-testid[contains(., 'uthor') or contains(., 'yline')]/.."
)
"""Elements that may be called the author's, by way of the attributes: three times as fast as to ask every element."""

_LABEL = re.compile(
    r"(?<![a-z])(?:post-?|article-?|entry-?|story-?)?(?:author|byline|autor|auteur)(?:in|en|es|s|a)?(?![a-z])|author-?name"
)
_NO_LABEL = re.compile(
    r"comment(?!ary)|(?<![a-z])(?:card|more|latest|next)(?![a-z])|teaser|related|recommend|sidebar|promo|widget|avatar|image|img|photo|icon|follow|social|share"
)
_NAMED = XPath(
    ".//*[@itemprop='name'] | .//*[@rel='author'] | .//*[contains(@class, 'uthor-name') or contains(@class, "
    "'uthor_name') or contains(@class, 'uthorName') or contains(@class, 'yline-name') or contains(@class, "
    "'yline__name') or contains(@class, 'uthor__name')] | .//a[contains(@href, '/author') or contains(@href, "
    "'/autor') or contains(@href, '/profile') or contains(@href, '/people/') or contains(@href, "
    "'/staff/') or contains(@href, '/auteur') or contains(@href, '/redaktion/') or contains(@href, '/journalist')]"
)
_PART = re.compile(r"\s*[|•·\n]\s*|\s+[-–—]\s+")
_ASIDE = 5
"""Elements above a byline that may call it that of a comment or of another article."""


def find_authors(
    vicinity: Vicinity,
    tree: HtmlElement,
    data: Sequence[Facts],
    article: Facts,
    metas: Mapping[str, str],
    *,
    site_names: Collection[str],
) -> tuple[str, ...]:
    """Names of the authors in the order in which the page gives them.

    ``site_names`` are the names of the site and of its publisher, squeezed: a person whom the page shows goes before
    them, even where the page's own data name only them.
    """
    second = _unique(chain(_named_in(article.get("author"), data), _named_in(article.get("creator"), data)))
    if any(not is_site(name, site_names) for name in second):
        return second[:_MOST]
    for names in chain(_stated(metas, site_names), _shown(vicinity, tree)):
        if others := tuple(name for name in names if not is_site(name, site_names)):
            return others[:_MOST]
        second = second or names
    return second[:_MOST]


def is_site(name: str, site_names: Collection[str]) -> bool:
    """Whether a name is that of the site, with or without an article, an ending or a word beside it."""
    own = squeezed(name).removeprefix("the")
    return any(
        own == site
        or (len(site) >= 5 and len(own) >= 5 and (own.startswith(site) or own.endswith(site) or site in own))
        for site in (site.removeprefix("the") for site in site_names)
    )


# What is stated for machines


def _stated(metas: Mapping[str, str], site_names: Collection[str]) -> Iterator[tuple[str, ...]]:
    for key in _AUTHOR_KEYS:
        line = metas.get(key, "")
        body = line.partition(",")[0].strip()  # behind it may stand where the site is at home
        if squeezed(body) in site_names and (name := name_of(_MAIL.sub(" ", body))):
            yield (name,)
            continue
        if key in _FAMILY_FIRST and (turned := re.fullmatch(r"\s*([^\s,]+),\s*([^\s,]+(?:\s[A-Z]\.)?)\s*", line)):
            line = f"{turned[2]} {turned[1]}"
        yield _unique(split_names(line))
    for number in ("1", "2"):
        if _WRITTEN_BY.search(metas.get(f"twitter:label{number}", "")):
            yield _unique(split_names(metas.get(f"twitter:data{number}", "")))


def _named_in(value: object, data: Sequence[Facts]) -> Iterator[str]:
    for item in value[:_MOST] if isinstance(value, list) else (value,):
        entry = resolved(item, data)
        if isinstance(entry, str):
            yield from split_names(entry)
        elif isinstance(entry, Mapping):
            name = entry.get("name") or _full_name(entry)
            for one in name[:_MOST] if isinstance(name, list) else (name,):
                if "Organization" in str(entry.get("@type")) and (body := name_of(clean(one) or "")):
                    yield body
                elif isinstance(one, str):
                    is_typed = entry.get("@type") == "Person" and one.islower() and is_person(one.title())
                    yield from (one.strip(),) if is_typed else split_names(one)


def _full_name(person: Mapping[str, Any]) -> str:
    parts = (clean(first_of(person.get(key))) for key in ("givenName", "additionalName", "familyName"))
    return " ".join(part for part in parts if part)


# What is shown to readers


def _shown(vicinity: Vicinity, tree: HtmlElement) -> Iterator[tuple[str, ...]]:
    """The bylines by the headline, then those by the end of the text: what is marked as one, then what reads as one."""
    elements = [element for element in _LABELLED(tree) if element.tag in _LABELLED_TAGS] if vicinity.blocks else []
    labelled = [(vicinity.line_of(element), element) for element in elements]
    for lines in (vicinity.above, vicinity.below):
        for place, element in labelled:
            if place in lines and _is_label(element):
                yield _unique(_names_in(element))
        for i in lines:
            line = vicinity.blocks[i].text
            if len(line) <= _BYLINE and not _is_aside(vicinity.blocks[i].element):
                yield _unique(_names_in_line(line, vicinity.blocks[i + 1].text if i + 1 < len(vicinity.blocks) else ""))
    signed = tuple(_signed(vicinity))
    if len(set(signed)) == 1:
        yield signed[0]
    linked = [tuple(_names_in(e)) for _, e in labelled if e.get("rel") == "author" and not _is_aside(e)]
    if len(set(linked)) == 1:
        yield linked[0]


_SIGNED = re.compile(
    r"(?:autor(?:in|es|a)?|author|auteure?|autrice|autore|автор)(?:/(?:autor|in|e))?\s*[:：]?\s+\S", re.IGNORECASE
)
"""How a line begins that says whose something is."""


def _signed(vicinity: Vicinity) -> Iterator[tuple[str, ...]]:
    """The persons in a box of facts far behind the text: in a line for the author beside one for the day.

    Without a day it may be a book's.
    """
    lines = [block.text for block in vicinity.blocks]
    for i in range(vicinity.below.stop or len(lines), len(lines)):
        beside = (lines[i - 1], *lines[i + 1 : i + 2])
        is_signed = len(lines[i]) <= _LONGEST and _SIGNED.match(lines[i]) and not _is_aside(vicinity.blocks[i].element)
        if is_signed and any(len(line) <= _LONGEST and any(days_in(line)) for line in beside):
            yield _unique(_names_in_line(lines[i], ""))


def _names_in_line(line: str, following: str) -> Iterator[str]:
    """The persons in a line, or in a part of it, that opens with a word for ``by``; or in the line behind that word."""
    for part in _PART.split(_without_days(line)):
        if _BY.fullmatch(f"{part} ") and ":" in part and len(following) <= _LONGEST:
            yield from (name for name in split_names(following) if is_person(name))
        elif _BY.match(part):
            yield from (name for name in split_names(part) if is_person(name))


def _is_label(element: HtmlElement) -> bool:
    label = names_of(element)
    return bool(_LABEL.search(label)) and not _is_aside(element)


def _is_aside(element: HtmlElement) -> bool:
    for outer, _ in zip(chain((element,), element.iterancestors()), range(_ASIDE), strict=False):
        if outer.tag in {"body", "html", "main"}:
            return False
        if outer.tag in {"aside", "nav"} or _NO_LABEL.search(names_of(outer)):
            return True
    return False


def _names_in(element: HtmlElement) -> list[str]:
    """The names in a byline's element: in the elements inside it that hold a name, else in its text."""
    inside = [e for e in _NAMED(element) if e is not element]
    names = [name for e in inside for name in split_names(_pieces(e)) if len(_pieces(e)) <= _LONGEST]
    if names:
        return names
    text = _pieces(element)
    found = list(split_names(text)) if len(text) <= _BYLINE else []
    is_all = len(found) == 1 and fold(_without_by(text)) == fold(found[0]) and found[0][0].isupper()
    return [name for name in found if is_person(name) or is_all]


def _pieces(element: HtmlElement) -> str:
    """The text of an element, a line for each element inside it; two words by themselves are one name."""
    pieces = [piece for piece in (" ".join(text.split()) for text in element.itertext()) if piece]
    words = [piece for piece in pieces if not _BY.fullmatch(f"{piece} ")]
    if len(words) == 2 and all(" " not in word and word.istitle() for word in words):
        return " ".join(words)
    return "\n".join(pieces)


# Names


def split_names(text: str) -> Iterator[str]:
    """The names in a byline such as ``By Jane Doe and John Roe, Games Editor - Apr 16``.

    The first name may be any body's; what follows must read as a person's. Behind a role and a comma stands a
    department, unless another role follows; behind a word for pictures, who took them.
    """
    line = "\n".join(filter(None, (clean(_MAIL.sub(" ", part)) for part in text.split("\n"))))
    if not line or _LINK.search(line) or len(line) > 4 * _BYLINE:
        return
    line = _CLOCK.sub("|", _without_days(_ACCOUNT.sub(" ", line)))
    line = _without_by(_CHINESE.sub(lambda names: names[0].replace(" ", "、"), line))
    pieces = list(_pieces_of(line))
    are_roles = [_has_role(piece) and not any(map(is_person, names)) for piece, names, _ in pieces]
    found: list[str] = []
    after_role = False
    for i, (piece, names, is_listed) in enumerate(pieces):
        if _CREDIT.fullmatch(piece.strip()):
            break
        if not found:
            found += names
        elif not (is_listed and after_role) or True in are_roles[i + 1 : i + 2]:
            found += [name for name in names if is_person(name) or (is_listed and not after_role and " " not in name)]
        after_role = are_roles[i] or (after_role and is_listed)
    longer = [name for name in found if _is_full(name)]
    yield from longer if longer and _is_listed(line) else found


def _pieces_of(line: str) -> Iterator[tuple[str, list[str], bool]]:
    """What a byline falls into, with the names in each piece and whether a comma or its like is ahead of it."""
    start, is_listed = 0, False
    for cut in chain(_CUT.finditer(line), (None,)):
        piece = line[start : cut.start() if cut else len(line)]
        if piece.strip():
            yield piece, [name for part in _joined(_without_by(piece)) if (name := name_of(part))], is_listed
        if cut is not None:
            start, is_listed = cut.end(), cut[1] is not None


def _has_role(piece: str) -> bool:
    return any(_ROLE.fullmatch(word.strip(".,")) or _PROFESSION.fullmatch(word.strip(".,")) for word in piece.split())


def _is_listed(line: str) -> bool:
    return bool(re.search(r"[,，、،/／\n|]", line))


def _is_full(name: str) -> bool:
    """Whether a name has several words, or is of a script that writes names in one."""
    return " " in name or bool(_UNSPACED.search(name))


def _without_by(line: str) -> str:
    """A line without the words that say that a name follows."""
    for _ in range(2):
        found = _BY.match(line) or _BY_OR_NAME.match(line)
        line = line[found.end() :] if found else line
    return line


def _without_days(line: str) -> str:
    for day in reversed(list(days_in(line))):
        line = f"{line[: day.start]}|{line[day.end :]}"
    return line


def _joined(piece: str) -> Iterator[str]:
    """The names that words for ``and`` join; a word that is part of names too must stand between two full ones.

    Nor is a body's name cut that goes on in one word: ``Ministry for Energy and Climate``.
    """
    start = 0
    for found in _AND.finditer(piece):
        left, right = piece[start : found.start()], piece[found.end() :]
        following = _AND.split(right, maxsplit=1)[0]
        is_plain = found[1] is None or _CASELESS.search(found[1]) is not None
        is_body = len(left.split()) > 1 and not is_person(left) and " " not in following.strip()
        if (is_plain and not is_body) or (is_person(left) and is_person(following) and found[1].islower()):
            yield left
            start = found.end()
    yield piece[start:]


def name_of(text: str) -> str | None:
    """The name in a piece of a byline, roles cut; None for what is no name of a person or a body."""
    name = _CJK_ROLE.sub("", text).strip(' .,*•-–—:"“”«»\u00a0')
    for beside in (_NUMBER, _BESIDE_NAME):
        if (cut := beside.search(name)) and is_person(name[: cut.start()]):
            name = name[: cut.start()]
    name = _without_role(name)
    words = name.split()
    if not 2 <= len(name) <= _LONGEST or not words or len(words) > 6 or not _LETTER.search(name):
        return None
    bare = [word.strip(".,:!?*\"'") for word in words]
    is_label = len(words) == 1 and ("_" in name or name.count(".") > 1)
    parts = re.split(r"[._]", name) if is_label else ()
    if (
        any(_NO_NAME.fullmatch(word) for word in (*bare, *parts))
        or _LINK.search(name)
        or re.search(r"\d{3,}|[!?=<>{}#*]", name)
    ):
        return None
    if all(_NO_LONE_NAME.fullmatch(word) for word in bare) or _BY.fullmatch(f"{name} ") or is_desk(name):
        return None
    if 2 * sum(map(str.isdigit, name)) > sum(map(str.isalnum, name)):
        return None
    if len(words) > 1 and (any(word.isdigit() for word in bare) or _DAY_WORD.match(bare[-1])):
        return None
    if len(words) > 1 and not _CASELESS.search(name) and not any(word[0].isupper() for word in bare if word):
        return None
    return f"{name}." if re.search(r"\b(?:Jr|Sr)$|\b[A-Z]$", name) and text.rstrip(" ,").endswith(".") else name


def is_desk(name: str) -> bool:
    """Whether a name is that of any desk, such as ``Online-Redaktion`` or ``Our Correspondent``, and names no body."""
    words = [word for word in re.split(r"[\s.-]+", name.lower()) if word]
    return not _DESK.isdisjoint(words) and _BESIDE_DESK.union(_DESK).issuperset(words)


def _without_role(name: str) -> str:
    """A name without the role before or behind it; empty where nothing that can be a name is left."""
    words = name.split()
    roles = [i for i, word in enumerate(words) if _ROLE.fullmatch(word.strip(".,"))]
    if not roles:
        return name
    before = words[: roles[0]]
    while before and _QUALIFIER.fullmatch(before[-1].strip(".,&/")):
        before.pop()
    behind = words[roles[-1] + 1 :]
    if len(before) >= 2 and not any(_PLURAL_ROLE.fullmatch(words[i]) for i in roles):
        return " ".join(before)
    return " ".join(behind) if len(behind) >= 2 and is_person(" ".join(behind)) else ""


def is_person(text: str) -> bool:
    """Whether a text reads as a person's full name: capitals and particles, or a script without capitals."""
    words = text.strip().split()
    if (
        not words
        or words[0].lower() == "the"
        or any(_NO_NAME.fullmatch(w.strip(".,")) or _ROLE.fullmatch(w.strip(".,")) for w in words)
    ):
        return False
    if re.search(r"[\d:!?@/|()]", text):
        return False
    if _UNSPACED.search(text):
        return 2 <= len("".join(words)) <= 12
    if _CASELESS.search(text):
        return 2 <= len(words) <= 4
    names = [word for word in words if word.lower() not in _PARTICLES or word[0].isupper()]
    return (
        2 <= len(words) <= 5
        and len(names) >= 2
        and all(_LETTER.match(word.lstrip("'’")) and word.lstrip("'’")[0].isupper() for word in names)
        and words[-1] == names[-1]
    )


def byline_authors(bylines: Sequence[str]) -> tuple[str, ...]:
    """The authors that the bylines of a plain text name: of a line that says so, else of one that is nothing else."""
    for line in bylines:
        if _BY.match(line) and (names := _unique(split_names(line))):
            return names
    for line in bylines:
        if (names := _unique(split_names(line))) and all(is_person(name) for name in names):
            return names
    return ()


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
