"""Wire copy: which news agency an article credits, and where. A mere mention (``Reuters reported``) is no credit.

Agencies are credited in four places, tried in this order: the agency's own site, the byline, the dateline that opens
the text, and a line or a bracket of its own at either end. Abbreviations count in capitals only, since PA, EFE or ANI
are also words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsmill.schemas.words import WireEvidence

_AGENCIES: dict[str, tuple[str, ...]] = {
    "AAP": ("AAP", "Australian Associated Press"),
    "AFP": ("AFP", "Agence France[- ]Presse"),
    "Anadolu": ("Anadolu(?: Agency| Ajans[ıi])?", "AA"),
    "ANI": ("ANI", "Asian News International"),
    "ANSA": ("ANSA(?:med)?",),
    "AP": ("(?:The )?Associated Press", "AP(?: Photo)?"),
    "APP": ("APP", "Associated Press of Pakistan"),
    "Belga": ("Belga",),
    "Bernama": ("Bernama", "BERNAMA"),
    "Bloomberg": ("Bloomberg(?: News)?",),
    "BSS": ("BSS", "Bangladesh Sangbad Sangstha"),
    "Canadian Press": ("(?:The )?Canadian Press", "CP"),
    "dpa": ("dpa", "DPA", "Deutsche Presse-?Agentur", "German Press Agency"),
    "EFE": ("EFE", "Agencia EFE"),
    "IANS": ("IANS", "Indo[- ]Asian News Service"),
    "Interfax": ("Interfax(?:-[A-Z]\\w+)?",),
    "IRNA": ("IRNA", "Islamic Republic News Agency"),
    "Kyodo": ("Kyodo(?: News)?", "KYODO(?: NEWS)?"),
    "Lusa": ("Lusa", "LUSA"),
    "NAN": ("NAN", "News Agency of Nigeria"),
    "NTB": ("NTB",),
    "PA": ("PA(?: Media| News| Sport)?", "(?:UK )?Press Association", "PA [Nn]ews [Aa]gency"),
    "PAP": ("PAP", "Polish Press Agency"),
    "PTI": ("PTI", "Press Trust of India"),
    "Reuters": ("(?:Thomson )?Reuters?", "REUTERS?"),
    "RIA Novosti": ("RIA(?: Novosti)?",),
    "Ritzau": ("Ritzau",),
    "TASS": ("(?:ITAR-|Itar-)?(?:TASS|Tass)",),
    "UPI": ("UPI", "United Press International"),
    "WAM": ("WAM", "Emirates News Agency"),
    "Xinhua": ("Xinhua(?: News Agency)?", "XINHUA"),
    "Yonhap": ("Yonhap(?: News(?: Agency)?)?",),
}

_HOSTS = {
    "aa.com.tr": "Anadolu",
    "afp.com": "AFP",
    "aninews.in": "ANI",
    "ansa.it": "ANSA",
    "apnews.com": "AP",
    "bernama.com": "Bernama",
    "dpa-international.com": "dpa",
    "efe.com": "EFE",
    "ianslive.in": "IANS",
    "interfax.com": "Interfax",
    "interfax.ru": "Interfax",
    "irna.ir": "IRNA",
    "kyodonews.net": "Kyodo",
    "news.cn": "Xinhua",
    "ptinews.com": "PTI",
    "reuters.com": "Reuters",
    "ria.ru": "RIA Novosti",
    "tass.com": "TASS",
    "tass.ru": "TASS",
    "thecanadianpress.com": "Canadian Press",
    "upi.com": "UPI",
    "wam.ae": "WAM",
    "xinhuanet.com": "Xinhua",
    "yna.co.kr": "Yonhap",
}

_NAMES = {agency: re.compile("|".join(names)) for agency, names in _AGENCIES.items()}
# The only group that the patterns below capture.
_AGENCY = rf"({'|'.join(name for names in _AGENCIES.values() for name in names)})(?!\w)"
# An agency may be credited with another, with a desk or a correspondent: AFP/Reuters, AP Sports Writer, Reuters Staff.
_DESK = r"(?:[ -](?:[A-Z][\w-]+ ){0,3}(?:Staff|Writers?|Correspondents?|Reporters?|Editors?|Report|Newswire|Wire))?"
_OTHERS = r"(?:(?:\s*[/,&-]\s*|\s+and\s+)(?:[A-Z][\w-]*\s?){1,4})?"

_BYLINE = re.compile(
    rf"(?:.*?(?:[,;|/(–—-]|\bby|\bof|\bfor)\s*)??(?<!\w){_AGENCY}{_DESK}\)?{_OTHERS}\s*"
    rf"|(?:\S+\s+){{1,4}}((?:The )?(?:Associated Press|Canadian Press)|Press Association){_DESK}"
)

# A place and a day, in words of the kind that stand before an agency: LONDON, Jan. 5; New Delhi [India], 5 January.
_PLACE = r"(?:(?:[A-Z0-9À-Þ][\w.'’/-]*|\[[\w\s]+\]|d[eiao]l?|la|of|the|y|e|(?<=\d\s)[a-zé]{3,10}\.?)[,.]?\s+){0,9}"
_DASH = r"\s*(?:[-–—:.,]|$|(?<=\s)[A-ZÀ-Þ“\"])"
_DATELINE = re.compile(rf"\W{{0,2}}{_PLACE}(?:[(\[/]{_AGENCY}{_DESK}{_OTHERS}[)\]/]{_DASH}|{_AGENCY}\s*(?:--|[–—-]\s))")

_WORD_OF_CREDIT = r"(?:source|sources|credit|by|from|text|copyright|\(c\)|©|via|agency)"
_CREDIT = re.compile(
    rf"\W*(?:(?i:{_WORD_OF_CREDIT})\W*)*(?:(?:19|20)\d\d\W*)?(?:by\W+)?{_AGENCY}{_DESK}{_OTHERS}\W*"
    r"(?:(?:19|20)\d\d\W*)?(?:(?i:all rights reserved)\b.*|(?i:news agency)\W*)?"
)
_END = re.compile(rf".*[.!?\"”’)\]]\s*(?:[(\[/]\s*{_AGENCY}{_OTHERS}\s*[)\]/]|[–—-]{{1,2}}\s?{_AGENCY})\W*", re.DOTALL)
_REUTERS_DESK = re.compile(
    r"\W{0,2}(?:Additional )?[Rr]eporting by [^.]{3,200}[;.]\s*[Ee]diting by .{3,200}", re.DOTALL
)

_LINES_AT_THE_BEGINNING, _LINES_AT_THE_END = 3, 4
_LONGEST_CREDIT = 300


class Wire(NamedTuple):
    """The agency that an article credits, and where."""

    agency: str
    evidence: WireEvidence


def find_agency(text: str, authors: Sequence[str] = (), hostname: str | None = None) -> Wire | None:
    """The agency whose copy an article is, by its own words; None where it credits none."""
    labels = (hostname or "").split(".")
    for start in range(len(labels)):
        if agency := _HOSTS.get(".".join(labels[start:])):
            return Wire(agency, WireEvidence.HOST)
    for author in authors:
        if agency := _named(_BYLINE.fullmatch(author.strip()[:_LONGEST_CREDIT])):
            return Wire(agency, WireEvidence.BYLINE)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    head, tail = lines[:_LINES_AT_THE_BEGINNING], lines[-_LINES_AT_THE_END:]
    for line in head:
        if agency := _named(_DATELINE.match(line[:_LONGEST_CREDIT])):
            return Wire(agency, WireEvidence.DATELINE)
    for line in (*head, *reversed(tail)):
        if len(line) <= _LONGEST_CREDIT and (agency := _credited(line)):
            return Wire(agency, WireEvidence.CREDIT)
    if tail and (agency := _named(_END.fullmatch(tail[-1][-_LONGEST_CREDIT:]))):
        return Wire(agency, WireEvidence.CREDIT)
    return None


def _credited(line: str) -> str | None:
    return "Reuters" if _REUTERS_DESK.fullmatch(line) else _named(_CREDIT.fullmatch(line))


def _named(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    name = next(filter(None, found.groups()))
    return next(agency for agency, names in _NAMES.items() if names.fullmatch(name))
