"""Names as keys: the same name however it is accented, transliterated, titled or inflected."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from newsmill.tasks.enrich.languages.titles import TITLES

_LETTERS = str.maketrans(
    {"ı": "i", "İ": "i", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th",
     "Þ": "th", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ə": "a", "Ə": "a", "ħ": "h", "ʻ": "", "ʼ": "",
     "’": "'", "‘": "'", "`": "'"}
)  # fmt: skip
_TRANSLITERATIONS = (
    (re.compile(r"iz(?=ation|ed?$|ing$)"), "is"),
    (re.compile(r"(?<=en)se$"), "ce"),
    (re.compile(r"y"), "i"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ou"), "u"),
    (re.compile(r"ks"), "x"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?<=[aou])e(?=[bcdfghklmnprstvwz])"), ""),
    (re.compile(r"(?<=[a-z]{2})(?:ei|ii|ij)$"), "i"),
    (re.compile(r"^ie(?=[a-z])"), "e"),
)
_TRANSLITERATED = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _TRANSLITERATIONS))
_DOUBLED = re.compile(r"([a-z])\1+")
_SAME_GIVEN_NAME = {
    name: forms[0]
    for forms in (
        ("muhamad", "mohamed", "mohamad", "muhamed", "mehmet", "mahomed"),
        ("alexandr", "alexander", "alexsandr", "alexandar"),
        ("husein", "husain", "hosein", "husin"),
        ("ahmad", "ahmed"),
        ("iusuf", "iusef", "iosef"),
        ("abdulah", "abdalah"),
        ("abdul", "abdel", "abdal"),
        ("mihail", "mihal", "mihajl"),
        ("sergi", "sergui", "sergej"),
        ("dmitri", "dimitri", "dmitrij"),
        ("nikolai", "nicolai", "nikolaj"),
        ("andri", "andrej"),
        ("alexi", "alexej"),
        ("mustafa", "mostafa"),
        ("ibrahim", "ebrahim"),
        ("ismail", "esmail"),
        ("halid", "haled"),
        ("karim", "karem"),
        ("rashid", "rashed"),
    )
    for name in forms
}
_PARTICLES = frozenset({"al", "el", "bin", "ibn"})
_PATRONYMIC = re.compile(r"(?:ovich|evich|ovna|evna)$")
GENERATIONS = frozenset({"jr", "sr"})
"""Suffixes that tell a parent from a child, and so are part of a key."""
_SUFFIXES = frozenset({"ii", "iii", "iv"})
_LEADING_PARTICLE = re.compile(r"(?:[Aa]l|[Ee]l)-(?=\w)|(?:bin|ibn)\s(?=\w)")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LEADING_ARTICLE = re.compile(r"(?:the|The|THE)\s+")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_ARTICLE = re.compile(r"\A(?:the|a|an)\s+", re.IGNORECASE)

_LONG_FORMS = {
    "nato": "north atlantic treaty organisation",
    "us": "united states",
    "usa": "united states",
    "america": "united states",
    "united states of america": "united states",
    "uk": "united kingdom",
    "britain": "united kingdom",
    "great britain": "united kingdom",
    "un": "united nations",
    "eu": "european union",
    "uae": "united arab emirates",
    "ussr": "soviet union",
}
"""Short forms so common that an article need not explain them. All else is tied where the article itself says so."""


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case without diacritics, apostrophes straightened; transliterations left as they are."""
    if text.isascii():
        return text.replace("`", "'").lower()
    bare = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(character for character in bare if not unicodedata.combining(character)).casefold()


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    if _TRANSLITERATED.search(word):  # most words are none of these
        for pattern, replacement in _TRANSLITERATIONS:
            word = pattern.sub(replacement, word)
    if len(word) > 3:  # the letters of an acronym all count: USS is not US
        word = _DOUBLED.sub(r"\1", word)
    return _SAME_GIVEN_NAME.get(word, word)


@lru_cache(maxsize=65536)
def fold(name: str) -> tuple[str, ...]:
    """The words of a name, comparable: Çavuşoğlu is Cavusoglu, Sergei is Sergey, Shoygu is Shoigu.

    Titles, initials and generation suffixes are kept: see ``person_key``.
    """
    words = _WORD.findall(plain(_POSSESSIVE.sub("", name)).replace(".", ""))
    return tuple(_fold_word(part) for word in words for part in word.replace("'", "").split("-") if part)


def folded(names: str) -> frozenset[str]:
    """The given names of a list that is written as running text, comparable; of double ones the first."""
    return frozenset(fold(name)[0] for name in names.split())


_SHORT_GIVEN_NAME = {
    fold(short): fold(full)[0]
    for full, shorts in {
        "Michael": "Mike Mick", "Joseph": "Joe Joey", "William": "Bill Will Billy", "Robert": "Bob Rob Bobby",
        "James": "Jim Jimmy Jamie", "Thomas": "Tom Tommy", "Richard": "Rick Dick Rich", "Daniel": "Dan Danny",
        "Benjamin": "Ben Binyamin", "Samuel": "Sam", "Steven": "Steve Stephen", "Christopher": "Chris",
        "Matthew": "Matt", "Gregory": "Greg", "Jeffrey": "Jeff", "Timothy": "Tim", "Anthony": "Tony",
        "Kenneth": "Ken", "Donald": "Don", "Edward": "Ed Eddie", "Andrew": "Andy", "David": "Dave", "Ronald": "Ron",
    }.items()
    for short in shorts.split()
}  # fmt: skip
_KNOWN_AS = {fold(name): fold("Recep Tayyip Erdogan") for name in ("Tayyip Erdogan", "Recep Erdogan")}
"""People who go by one part of their given names here and by another there."""


@lru_cache(maxsize=65536)
def person_key(name: str) -> tuple[str, ...]:
    """The folded words of a person's name without titles, initials, patronymics, particles and numerals.

    Short given names are spelt out (Joe is Joseph), so that most people have one key however formally they are named.
    "Jr." and "Sr." are kept at the end.
    """
    surname = _LEADING_PARTICLE.sub("", name, count=1) if _LEADING_PARTICLE.match(name) else name
    words = [w for w in _WORD.findall(plain(_POSSESSIVE.sub("", surname))) if w not in TITLES]
    folded = fold(" ".join(words))
    kept = tuple(w for w in folded if w not in _SUFFIXES and len(w) > 1)
    generation = kept[-1:] if len(kept) > 1 and kept[-1] in GENERATIONS else ()
    kept = kept[: len(kept) - len(generation)]
    if len(kept) > 1:
        inner = (w for w in kept[1:-1] if w not in _PARTICLES and not _PATRONYMIC.search(w))
        kept = (_SHORT_GIVEN_NAME.get(kept[:1], kept[0]), *inner, kept[-1])
    kept = (*kept, *generation)
    return _KNOWN_AS.get(kept, kept) or folded or fold(name) or (plain(name).strip(),)


def without_generation(key: tuple[str, ...]) -> tuple[str, ...]:
    """A person's key without "jr" and "sr"."""
    return key[:-1] if len(key) > 1 and key[-1] in GENERATIONS else key


def surname_key(key: tuple[str, ...]) -> tuple[str, ...]:
    """The last name in a person's key."""
    return without_generation(key)[-1:]


def is_full(key: tuple[str, ...]) -> bool:
    """Whether a person's key has a given name and a surname: not "Trump Jr."."""
    return len(without_generation(key)) > 1


@lru_cache(maxsize=65536)
def body_key(name: str) -> tuple[str, ...]:
    """The folded words of any other name; short forms that everybody knows are spelt out."""
    words = plain(_ARTICLE.sub("", _POSSESSIVE.sub("", name), count=1)).replace(".", "").split()
    spelt = " ".join(words).strip()
    return fold(_LONG_FORMS.get(spelt, spelt)) or (spelt,)


def identity(key: tuple[str, ...], kind: str) -> str:
    """16 hex digits that stand for a name of a class, in every article and run."""
    return hashlib.sha256(f"{kind}:{' '.join(key)}".encode()).hexdigest()[:16]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without a leading article, a trailing possessive, quotation marks and white space at its ends."""
    while start < end and not (text[start].isalnum() or text[start] in "$€£¥#@(+-."):
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] in ".%)$€£¥"):
        end -= 1
    article = _LEADING_ARTICLE.match(text, start, end)
    start = article.end() if article else start
    possessive = _POSSESSIVE.search(text[start:end])
    end = start + possessive.start() if possessive else end
    return start, end
