"""What the rules must know of a language: a frozen record that they are handed, made once for each language."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newsmill.tasks.enrich.languages.parsed import CueWords, Grammar, Layout, Naming, Reference, RoleShapes


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as running text, to be read and kept in order by people."""
    return frozenset(text.split())


def any_of(texts: Iterable[str]) -> str:
    """The source of a pattern for any of these, a beginning that several share written once.

    Where none stands, it is given up after a letter or two; a plain alternation tries one text after the other.
    """
    behind: dict[str, list[str]] = {}
    for text in sorted(set(texts)):
        behind.setdefault(text[:1], []).append(text[1:])
    ends = behind.pop("", None) is not None
    found = "|".join(re.escape(first) + any_of(rest) for first, rest in behind.items())
    return f"(?:{found}){'?' if ends else ''}" if found else ""


def endings(text: str) -> tuple[str, ...]:
    """The endings of a list that is written as running text."""
    return tuple(text.split())


class CueShapes(NamedTuple):
    """What cues look like where a quotation may just have ended, by which lost and doubtful marks are put right."""

    ahead: re.Pattern[str] = re.compile(r"(?!)")
    """A cue at a place."""
    tail: re.Pattern[str] = re.compile(r"(?!)")
    """One that ends a paragraph."""


NO_SHAPES = CueShapes()


class ThingShapes(NamedTuple):
    """What stands beside words in marks that are a name of a thing or a nickname, and that nobody said."""

    named_by: frozenset[str] = frozenset()
    """Words right before the name of a thing: on "Meet the Press"."""
    such_as: re.Pattern[str] = re.compile(r"(?!)")
    behind: re.Pattern[str] = re.compile(r"(?!)")
    """What stands behind a work: "..." was written by."""
    goes_by: re.Pattern[str] = re.compile(r"\b(?:alias|a\.?k\.?a\.?),?\s+$")
    """What stands before a nickname: who goes by "Lofty". The Latin word is in use everywhere."""


NO_THINGS = ThingShapes()
TURN = re.compile(
    r"(?!(?:BREAKING|UPDATED?|WATCH|EXCLUSIVE|VIDEO|PHOTOS?|LIVE|NOTE|WARNING|ALERT|NEWS|OPINION|READ|RELATED|CORRECTION|"
    r"MORE|LISTEN|FACT CHECK)\b[\w\s]{0,20}:)"
    r"((?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+\s){0,3}[A-ZÀ-Þ][A-ZÀ-Þ'’-]{2,})(?:\s\([^)\n]{1,30}\))?:\s"
)
"""The name in capitals that a turn of a transcript starts with, as its group: "SMITH: No comment.".

The labels that it leaves out stand in English in the press of other languages too.
"""


@dataclass(frozen=True, slots=True)
class WordOrder:
    """The words and patterns by which speakers are found without a parser, from the order of words alone.

    All words are in lower case. Verbs are given by the finite forms that news copy uses.
    """

    plain: frozenset[str]
    """Verbs that hardly do anything but report speech."""
    surest: frozenset[str]
    """Those of them whose subject says something whatever it is: "die Sendung sagte"."""
    loose: frozenset[str]
    """Verbs that report speech right beside a quotation or before a colon, and need not elsewhere."""
    auxiliaries: frozenset[str]
    participles: frozenset[str]
    """Participles and infinitives of verbs of speech, behind an auxiliary."""
    passives: frozenset[str]
    """Auxiliaries of the passive: "wurde von Kritikern als ... bezeichnet"."""
    agents: frozenset[str]
    """The preposition of who acts in a passive."""
    according: re.Pattern[str]
    """What stands before a source: "laut", "selon".

    Groups: ``told`` for one that anything may follow ("nach Angaben"), ``bare`` for one that counts behind a comma or a
    quotation alone ("so"), ``his`` and ``hers`` for "seiner Ansicht nach" and "ihr zufolge".
    """
    postposed: frozenset[str]
    """What stands behind a source: "zufolge"."""
    impersonal: re.Pattern[str]
    """"heißt es in": what stands before a document that says something."""
    that: frozenset[str]
    """Conjunctions of reported clauses."""
    determiners: frozenset[str]
    """Determiners that a subject may have."""
    oblique: frozenset[str]
    """Determiners that no subject has."""
    indefinite: frozenset[str]
    she_determiners: frozenset[str]
    """Determiners that tell a woman where a role follows, and those that tell a man."""
    he_determiners: frozenset[str]
    prepositions: frozenset[str]
    opening: frozenset[str]
    """Prepositions that open a clause behind a comma: "als", "comme"."""
    extending: frozenset[str]
    """Words by which a noun phrase goes on: genitive articles, prepositions."""
    fillers: frozenset[str]
    """Words that may stand between a verb and its subject, or a subject and its verb."""
    reflexives: frozenset[str]
    """Pronouns that may open a cue: "s'est félicité", "se quejó"."""
    he: frozenset[str]
    she: frozenset[str]
    they: frozenset[str]
    """Other pronouns that can speak."""
    he_names: frozenset[str]
    """Given names that tell a man in this language, folded, whatever they tell elsewhere."""
    she_names: frozenset[str]
    roles_he: frozenset[str]
    roles_she: frozenset[str]
    roles: frozenset[str]
    """Nouns that say who somebody is and do not tell "he" from "she"."""
    titles_he: frozenset[str]
    titles_she: frozenset[str]
    titles: frozenset[str]
    bodies: frozenset[str]
    """Nouns of bodies and of what they put out."""
    speaking: frozenset[str]
    """Nouns of what is neither person nor body and says something: "die Antwort lautete"."""
    people: frozenset[str]
    """Plural nouns of people, who have no name."""
    no_names: frozenset[str]
    """Words that have a capital and are no names: days, months, what opens a sentence."""
    particles: frozenset[str]
    denials: frozenset[str]
    supposing: frozenset[str]
    """Words that make of a cue what was not said, or need not have been: "würde", "wenn"."""
    joining: frozenset[str]
    """ "And", "or"."""
    naming: tuple[str, ...]
    """Endings of nouns that a name in marks follows: the film "..."."""
    in_words: re.Pattern[str]
    """ "With the words", before a quotation."""
    governing: frozenset[str]
    """Nouns of who governs a town, whose name may stand before their own: "le maire de Lyon Paul Mercier"."""
    quotation: frozenset[str]
    """Nouns that announce somebody's words with the name behind them: "Zitat von Pohl:"."""
    cited: frozenset[str]
    """Verbs and participles of citing, whose object speaks."""
    subjunctive: frozenset[str]
    """Verb forms of reported speech; empty where the language has none of its own."""
    elisions: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """What is cut off a word before an apostrophe: l', d', qu'."""
    openers: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """What opens a sentence with a capital and is an adverb."""
    inverted: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """A verb with its pronoun in one: "dit-il"; groups verb and pronoun."""
    role_endings_he: tuple[str, ...] = ()
    role_endings_she: tuple[str, ...] = ()
    body_endings: tuple[str, ...] = ()
    adjective_endings: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Endings of adjectives that follow a name written with a capital: the "Commission européenne"."""
    agent_endings: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Endings of a noun that says what somebody is, before a given name and a surname."""
    parenthetical: bool = False
    """Whether a cue may stand within the marks: « Le pont, explique le maire, ferme. »"""
    people_endings: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Endings of plural nouns of people."""
    noun_endings: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Endings of common nouns, where those have capitals as names have."""
    compounds: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Common nouns that no surname is like, alone or at the end of a compound."""
    feminine: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Feminine nouns, which the article of a masculine subject makes a dative: "sagte der Zeitung"."""
    works: frozenset[str] = frozenset()
    """Nouns of several works, which a list of their titles follows."""
    nouns_have_capitals: bool = False
    verb_second: bool = False
    drops_subject: bool = False
    plural: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    """Verbs that several people are the subject of, which one who spoke before cannot be."""
    ordinal_stops: bool = False
    """Whether a full stop behind a number makes it an ordinal: "am 5. August"."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words by which names and speakers are told where rules read the parse; all in lower case."""

    cue_verbs: frozenset[str]
    """Every form of the verbs that introduce or follow reported words."""
    plain_cues: frozenset[str]
    """Forms of the verbs that hardly do anything but report speech."""
    reporting: frozenset[str]
    """Forms of the verbs whose clause is what somebody said, quotation marks or not."""
    report_ahead: re.Pattern[str]
    """What a sentence with indirect speech holds at least."""
    strong_cues: frozenset[str]
    """Forms of the verbs that report what somebody said, or what they called something."""
    wording_cues: frozenset[str]
    """Forms of the verbs whose object is the very word that was used."""
    speech_nouns: frozenset[str]
    """Nouns of what somebody says: "Smith's answer was: ..."."""
    titling: frozenset[str]
    """Words before the name of a book, a programme or a person."""
    pronouns_he: frozenset[str]
    pronouns_she: frozenset[str]
    speaking_pronouns: frozenset[str]
    pronouns: frozenset[str]
    roles: frozenset[str]
    """Nouns that say who somebody is. A definite description is headed by one; so is a role before or behind a name."""
    document_nouns: frozenset[str]
    """Nouns of what is written, that says something for its author."""
    body_nouns: frozenset[str]
    """Nouns of bodies and of documents: what "the ministry" or "the statement" is."""
    any_body: frozenset[str]
    """Nouns that a body is called by however it is named: the one that spoke last is meant."""
    people_nouns: frozenset[str]
    speaking_nouns: frozenset[str]
    """Nouns of whoever and whatever can say something."""
    agent_endings: tuple[str, ...]
    """What nouns of who does something end with."""
    no_adjectives: frozenset[str]
    """Words that do not stand between a name and the noun that it is called by."""
    titles_he: frozenset[str]
    titles_she: frozenset[str]
    titles: frozenset[str]
    royal: frozenset[str]
    """Titles that stand before a given name."""
    he_nouns: frozenset[str]
    she_nouns: frozenset[str]
    grammar: Grammar
    cue_words: CueWords
    layout: Layout
    reference: Reference
    role_shapes: RoleShapes


@dataclass(frozen=True, slots=True)
class SourceNouns:
    """The nouns by which a text calls its sources, in lower case; one in several lists counts for the first."""

    crowds: frozenset[str] = frozenset()
    """Of many who speak as one: the crowd, protesters."""
    documents: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    """Plural nouns of people without a name: officials, experts."""
    roles: frozenset[str] = frozenset()
    """Singular nouns of people."""
    definite: frozenset[str] = frozenset()
    """Articles of somebody whom the text has told of."""
    behind: frozenset[str] = frozenset()
    """Words behind which the noun phrase only goes on; where there are none, its first noun is its head."""

    def head(self, words: Sequence[str]) -> str | None:
        """The noun that a phrase is about; None where it is none of these."""
        end = next((at for at, word in enumerate(words) if at and word in self.behind), len(words))
        listed = (self.crowds, self.documents, self.bodies, self.people, self.roles)
        known = [word for word in words[:end] if any(word in nouns for nouns in listed)]
        if not known or (self.behind and known[-1] != words[end - 1]):
            return None
        return known[-1] if self.behind else known[0]


NO_NOUNS = SourceNouns()


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code of ISO 639-1, what a spaCy model of it must have, and how speakers are found in it."""

    code: str
    components: tuple[str, ...] = ("ner",)
    cues: CueShapes = NO_SHAPES
    things: ThingShapes = NO_THINGS
    order: WordOrder | None = None
    """What rules by order of words must know of it."""
    lexicon: Lexicon | None = None
    """What rules must know that read the tags and labels of the model's parser; those labels are English's."""
    sources: SourceNouns = NO_NOUNS
    naming: Naming | None = None
    """What names say that they are; where a language has no such list, the registry's ``ABROAD`` is asked."""
