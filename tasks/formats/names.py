"""Names and words of metadata that mean the same in every format: languages, authors, numbers, subject schemes."""

import re

from newsmill.schemas.rows import Topic
from newsmill.tasks.formats.prose import squeeze

_LANGUAGES = {
    code: names.split()
    for code, names in {
        "en": "english englisch anglais inglés ingles inglese engels engelsk engelska englanti английский 英文 "
        "英语 英語",
        "de": "german deutsch allemand alemán aleman tedesco duits tysk tyska saksa немецкий alemão 德文 德语 ドイツ語",
        "fr": "french französisch franzoesisch français francais francaise française francés frances francese frans "
        "fransk franska ranska французский francês 法文 法语 フランス語",
        "es": "spanish spanisch espagnol español espanol castellano spagnolo spaans spansk spanska espanja испанский "
        "espanhol 西班牙文 西班牙语 スペイン語",
        "it": "italian italienisch italien italiano italiaans italiensk italienska итальянский 意大利文 義大利文",
        "pt": "portuguese portugiesisch portugais portugués portugues portoghese portugees português португальский "
        "葡萄牙文",
        "nl": "dutch niederländisch niederlaendisch néerlandais neerlandais neerlandés holandés olandese nederlands "
        "holländska hollandsk нидерландский holandês 荷兰文 荷蘭文",
        "da": "danish dänisch daenisch danois danés danese deens dansk 丹麥文",
        "sv": "swedish schwedisch suédois sueco svedese zweeds svensk svenska 瑞典文",
        "no": "norwegian norwegisch norvégien noruego norvegese noors norsk",
        "fi": "finnish finnisch finnois finés finlandés finlandese fins suomi 芬蘭文",
        "pl": "polish polnisch polonais polaco polacco pools polski",
        "ru": "russian russisch russe ruso russo русский 俄文",
        "cs": "czech tschechisch tchèque checo ceco tsjechisch čeština",
        "hu": "hungarian ungarisch hongrois húngaro ungherese hongaars magyar",
        "tr": "turkish türkisch turc turco turks türkçe",
        "ar": "arabic arabisch arabe árabe arabo العربية",
        "ja": "japanese japanisch japonais japonés giapponese japans 日本語 日文",
        "ko": "korean koreanisch coréen coreano koreaans 한국어 韓文",
        "zh": "chinese chinesisch chinois chino cinese chinees 中文 简体中文 繁體中文",
        "ca": "catalan katalanisch catalán català",
        "el": "greek griechisch grec griego greco ελληνικά",
        "he": "hebrew hebräisch hébreu hebreo עברית",
        "id": "indonesian indonesisch indonésien bahasa",
    }.items()
    for names in (names,)
}
_CODE_OF = {name: code for code, names in _LANGUAGES.items() for name in names}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_THREE = {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt"}
_THREE |= {"nld": "nl", "dut": "nl", "dan": "da", "swe": "sv", "nor": "no", "fin": "fi", "pol": "pl", "rus": "ru"}


def language_tag(stated: str | None) -> str | None:
    """The tag of a language that is stated by a tag or by a name in one of the interfaces' languages."""
    if not stated or not stated.strip():
        return None
    for word in re.split(r"[;,/()\s]+", stated.strip().lower()):
        if word in _CODE_OF:
            return _CODE_OF[word]
    tag = stated.strip().replace("_", "-").lower()
    if not _TAG.fullmatch(tag):
        return None
    primary, dash, rest = tag.partition("-")
    return f"{_THREE.get(primary, primary)}{dash}{rest}" if len(primary) == 2 or primary in _THREE else None


_BY = re.compile(
    r"^(?:by|von|par|por|per|da|di|door|van|av|af|przez|reported by|interview by)\s+(?=\S)|^(?:byline|author)s?:\s*|"
    # "From our correspondent" names nobody.
    r"^from\s+(?=(?-i:[A-Z])[\w'-]+\s+(?-i:[A-Z]))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:;|\||\n|\s/\s|,?\s+(?:and|und|et|y|e|en|och|og|&)\s+)\s*")
_NOT_A_NAME = re.compile(
    r"\d{3}|@|https?:|\b(?:staff|reporter|writer|correspondent|editor|bureau|desk|agency|agencie|newspaper|dispatch)s?\b|"
    r"\b(?:agence|agencia|agenzia|agentur|inc|ltd|llc|gmbh|news|redaktion|redaction|rédaction|redacción|redazione)\b|"
    r"\bassociated press\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\s*(?:\([^()]*\)?|/\s*[^\W\d_]{2,12})$")
"""What stands behind a name on its line: ``(text and pictures)``, ``/AFP``."""


def authors_of(byline: str | None) -> tuple[str, ...]:
    """The persons that a byline names, as far as its form tells: ``By Ann Lee and Bo Ek, Political Editor``."""
    line = _BY.sub("", squeeze(byline) or "").strip(" .,;")
    if not line:
        return ()
    found = []
    has_no_capitals = line == line.lower()
    for part in _BETWEEN.split(line):
        for at, name in enumerate(_BESIDE.sub("", piece.strip(" .")) for piece in part.split(",")):
            is_single = at == 0 and name.isalpha() and not name.islower()
            is_full = 1 < len(name.split()) <= 5 and (has_no_capitals or not name.split()[-1].islower())
            if name and len(name) <= 60 and (is_single or is_full) and not _NOT_A_NAME.search(name):
                found.append(name.title() if name.isupper() and len(name.split()) > 1 else name)
    return tuple(dict.fromkeys(found))


_INVERTED = re.compile(r"([^,;]{2,40}), ((?:[^\W\d_][\w.'-]*\s?){1,3})")


def authors_inverted(stated: str | None) -> tuple[str, ...]:
    """The persons of a field of catalogs, where surnames stand first: ``Lee, Ann; Ek, Bo``; else those of a byline."""
    found = [_INVERTED.fullmatch(one.strip()) for one in (stated or "").split(";")]
    if not all(found):
        return authors_of(stated)
    return tuple(dict.fromkeys(f"{one[2].strip()} {one[1]}" for one in found if one))


def number_of(stated: object) -> int | None:
    """The whole number that a value begins with: ``1,283 words`` is 1283."""
    if isinstance(stated, bool):
        return None
    if isinstance(stated, int):
        return stated
    found = (
        re.match(r"\s*(\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+|\d{1,18})(?!\d)", stated)
        if isinstance(stated, str)
        else None
    )
    return int(re.sub(r"\D", "", found[1])) if found else None


_SCHEMES = {
    "http://cv.iptc.org/newscodes/mediatopic": "medtop",
    "http://cv.iptc.org/newscodes/subjectcode": "subj",
    "mediatopic": "medtop",
    "iptc_subject_code": "subj",
    "iptcsubjectcode": "subj",
    "iptc": "subj",
    "iptc_subject_codes": "subj",
}


def topic_of(scheme: str | None, code: str | None, name: str | None) -> Topic | None:
    """A subject with the scheme and code that it states, IPTC's own told by the form of the code; None for nothing."""
    scheme, code, name = squeeze(scheme), squeeze(code), squeeze(name)
    if code and not scheme and (found := re.fullmatch(r"([\w.-]+):([^/].*)", code)):
        scheme, code = found[1], found[2]
    if code and code.startswith(("http://", "https://")):
        scheme, _, code = code.rpartition("/")
    if scheme:
        scheme = scheme.rstrip("/")
        scheme = _SCHEMES.get(scheme.lower().replace("https:", "http:"), scheme)
    if code and re.fullmatch(r"\d{8}", code) and scheme in (None, "subj", "medtop"):
        # Media topics are numbered from 20000000, the subject codes before them from 01000000 to 17999999.
        scheme = "medtop" if code >= "20000000" else "subj"
    return Topic(scheme, code, name) if code or name else None
