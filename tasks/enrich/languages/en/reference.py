"""The patterns of English by which pronouns and descriptions are tied to names."""

import re

from newsmill.tasks.enrich.languages.en.lexicon import PLAIN_CUES, ROLES
from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Reference

_OFFICE = rf"(?:(?:[A-ZÀ-Þ][\w.'’-]*|the|an?|his|her|their|former|then|{'|'.join(sorted(ROLES))})\s+){{0,6}}"
_SAYING = "|".join(sorted(PLAIN_CUES, key=lambda word: (-len(word), word)))
_TELLING = frozenset(verb for verb in PLAIN_CUES if not verb.startswith("ask"))
_DEFINITE = r"(?:the|this|that)\s"
_INDEFINITE = r"(?:an?|one|another|any|some|each|every|no|two|three|four|five|six|several|many|both|\d+)\s"

REFERENCE = Reference(
    telling=_TELLING,
    holding=_TELLING | words("believes thinks feels hopes reckons believed reckoned agreed agrees"),
    commanding=("tell", "told"),
    after_name=re.compile(
        r"(?:\s*\([^)]{1,30}\))?(?:,\s[^,\n]{1,90},)?\s+(?:also|then|later|further|had|has|have|repeatedly|recently|again)?"
        r"\s*([^\W\d_]+)"
    ),
    before_name=re.compile(rf"\b(?:([a-z]+)|[Aa]ccording (to))\s+{_OFFICE}$"),
    name_ends=re.compile(
        r"\s*(?:[^\w\s]|$|\n|\s(?:in|on|at|of|from|after|before|during|via|through|who|as|with|when|while|by|and)\b)"
    ),
    leading=re.compile(rf"(?:[^\n]*,\s+)?{_OFFICE}"),
    enumerated=re.compile(r"\s*(?:,(?!\sthe\s)|and|&|or|,\s*and)\s+(?:[^\W\d_][\w’'.-]*\s+){0,4}$", re.IGNORECASE),
    famous_bodies={
        "alliance": "north atlantic treaty organisation",
        "bloc": "european union",
    },
    joined=re.compile(rf"(?:,|,?\s+(?:and|&))\s+{_OFFICE}"),
    couple=re.compile(r"\s(?:and|&)\s(?:(?:his|her)\s(?:wife|husband|brother|sister|son|daughter)\s)?"),
    spouse=re.compile(r"[^.!?\n]{0,60}\b(?:with|and|by|to)\s+(?P<whose>her|his)\s+(?:husband|wife)\b"),
    conjunction=re.compile(r",?\s+(?:and|&)\s"),
    list_opens=re.compile(
        rf"(?:^|[\n.!?,:;”\"’'»—–-]\s*|\b(?:both|that|and|but)\s+|\b(?P<verb>{_SAYING}|according\sto)\s+){_OFFICE}$"
    ),
    list_says=re.compile(
        rf"\s+(?:(?:both|also|jointly|later|together|then|have|had|each|all|both\salso)\s+){{0,2}}(?:{_SAYING})\b"
    ),
    list_ends=re.compile(r"\s*(?:[.,;:”\"\n]|$|\s(?:in|on|at|after|via|through|told|both)\b)"),
    definite=re.compile(_DEFINITE, re.IGNORECASE),
    indefinite=re.compile(_INDEFINITE, re.IGNORECASE),
    called=re.compile(
        r"(?:(?<=[.!?”\"'’]\s)|(?<=\n)|^)(The\s(?:[a-z-]+\s){0,2}?[a-z-]+)(?=\s(?:[a-z]+ed|was|wasn|is|has|had|did)\b)"
    ),
    subject_pronoun=re.compile(r"\b(?:he|she|they|I|we)\b", re.IGNORECASE),
    determiner=re.compile(rf"\A(?:{_DEFINITE}|{_INDEFINITE})", re.IGNORECASE),
    says=re.compile(r"\b(?:(he|she)\s+(?:(?:also|then|later|further|has|had)\s+)?)?(?:say|says|said)\b", re.IGNORECASE),
    own_pronouns={
        "he": re.compile(r"\b(?:he|his|him)\b", re.IGNORECASE),
        "she": re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE),
    },
    goes_on=re.compile(r"[^.!?\n“”\"]*?\b(?:(?P<he>he|his|him|himself)|(?P<she>she|hers?|herself))\b"),
    has_subject=re.compile(
        r"(?:[A-ZÀ-Þ][\w’'-]*|\b(?:he|she|they|who|it))(?:['’]s)?\s+(?:(?:also|then|later|once)\s+)?\Z"
    ),
)
