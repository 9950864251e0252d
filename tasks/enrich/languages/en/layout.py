"""The words of English by which turns of interviews, letters and dialogue are told from other lines."""

import re

from newsmill.tasks.enrich.languages.en.lexicon import HEADLINE, PLAIN_CUES
from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Layout

_CUES = "|".join(sorted(PLAIN_CUES, key=lambda word: (-len(word), word)))

LAYOUT = Layout(
    headline=HEADLINE,
    question_label=re.compile(r"(?:Q\d{0,2}|QUESTION)", re.IGNORECASE),
    answer_label=re.compile(r"(?:A|ANSWER)", re.IGNORECASE),
    no_speakers=words(
        "breaking update updated watch exclusive video photo photos live note warning alert news opinion read related "
        "correction more listen myth fact facts claim claims verdict true false pro con pros cons buy sell who what "
        "when where why how date time place venue tickets price address contact phone email website info information "
        "ingredients method directions serves result results score scores final half home away round odds pick winner "
        "loser tip tips step day week part chapter section rating grade plot cast credits source sources summary key "
        "fyi disclosure tl;dr faq editor background context analysis problem solution pitch upside downside bottom "
        "line hot cold up down in out"
    ),
    standing=words(
        "chair court witness reporter interviewer moderator host presenter audience crowd operator clerk voice caller"
    ),
    me=re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Mm]ine|[Mm]yself)\b"),
    us=re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Mm]e|[Mm]ine|[Oo]ur|[Uu]s|[Mm]yself|[Oo]urselves)\b"),
    you=re.compile(r"\b(?:[Yy]ou|[Yy]our|[Yy]ours|[Yy]ourself)\b"),
    plain_answer=re.compile(r"(?:Yes|No|Yeah|Nope|Never|Absolutely|Sure|Well|Oh|Of course|Not)\b"),
    tail=re.compile(
        r"(?P<stop>[,?!…]|\.\.\.)\s+"
        rf"(?!(?:I|[Ww]e|[Yy]ou)\b)(?:[^,.;:?!\n]{{1,60}}?\s(?:{_CUES})|(?:{_CUES})\s[^,.;:?!\n]{{1,60}}?)"
        r"(?:\s(?:in|on|at|to|with|from|again|quietly|softly|back)\b[^,.;:?!\n]{0,60})?\.\s*$"
    ),
    met=re.compile(
        r"\b(?:spoke|speaks|speaking|spoken|talked|talks|talking|sat\sdown|sits\sdown|chatted|chats|caught\sup|catches\sup|"
        r"interview(?:s|ed|ing)?|conversation|met|meets|questions|asked|asks|q\s?&\s?a|q\sand\sa)\b",
        re.IGNORECASE,
    ),
)
