"""What rules that read a parse must know of a language: records of words and patterns, by what they are for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """The function words that tell who does what, and whether it was done; all in lower case."""

    quoted: frozenset[str]
    """Participles of who is quoted: the subject of such a passive is who speaks."""
    auxiliaries: frozenset[str]
    somebody: frozenset[str]
    """Pronouns of who is not named, which can speak."""
    relative: frozenset[str]
    modals: frozenset[str]
    never: frozenset[str]
    said_after_all: frozenset[str]
    """Adverbs with which it was said, then or often: "would only say", "would later tell"."""
    conditions: frozenset[str]
    nobody: frozenset[str]
    denials: frozenset[str]
    undone: frozenset[str]
    """Words before "to say" that leave open whether it was said, or tell that it was not."""
    acts_of_others: frozenset[str]
    """Verbs with which somebody is to say something: "they wanted him to say"."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The words by which turns of interviews, letters and dialogue are told from other lines."""

    headline: re.Pattern[str]
    """A line that begins with a name and a colon and is no sentence."""
    question_label: re.Pattern[str]
    answer_label: re.Pattern[str]
    no_speakers: frozenset[str]
    """Labels of lists, in capitals like the names of a transcript."""
    standing: frozenset[str]
    """What a transcript calls people whom it does not name, beside their offices."""
    me: re.Pattern[str]
    us: re.Pattern[str]
    """What speaks of itself, alone or with others."""
    you: re.Pattern[str]
    plain_answer: re.Pattern[str]
    tail: re.Pattern[str]
    """The cue clause that ends a line of dialogue, its mark as the group ``stop``: "I saw it, Vega said."."""
    met: re.Pattern[str]
    """What the beginning of an interview does with the person who answers."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The patterns by which pronouns and descriptions are tied to names, and those found who speak together."""

    telling: frozenset[str]
    """Cue verbs of who tells something, in lower case; who asks is not who answers."""
    holding: frozenset[str]
    """The same, and verbs of who holds something to be so."""
    commanding: tuple[str, ...]
    """What verbs begin with whose object is spoken to: "told Smith"."""
    after_name: re.Pattern[str]
    """The verb behind a name, as the group."""
    before_name: re.Pattern[str]
    """The verb, or else "according to", before a name and an office: groups one and two."""
    name_ends: re.Pattern[str]
    """What stands behind a name that a verb precedes: "said Smith, who ..."; not "said Smith was ..."."""
    leading: re.Pattern[str]
    """What stands before a name that is the subject: "On Monday, the mayor, Smith"; not "the coach praised Smith"."""
    enumerated: re.Pattern[str]
    """What stands between two names of a list."""
    famous_bodies: Mapping[str, str]
    """What a body is called in all of the press, where the article names the body."""
    joined: re.Pattern[str]
    """What stands between two who speak together: a comma or "and", and an office."""
    conjunction: re.Pattern[str]
    list_opens: re.Pattern[str]
    """What stands before those who speak together; a verb that precedes them is the group ``verb``."""
    list_says: re.Pattern[str]
    list_ends: re.Pattern[str]
    definite: re.Pattern[str]
    indefinite: re.Pattern[str]
    determiner: re.Pattern[str]
    """A definite or indefinite beginning."""
    called: re.Pattern[str]
    """A description that opens a sentence: "The coach" wasn't impressed."""
    subject_pronoun: re.Pattern[str]
    says: re.Pattern[str]
    """A plain verb of saying, the pronoun before it as the group."""


@dataclass(frozen=True, slots=True)
class RoleShapes:
    """The words, in lower case, by which the role beside a name is cut out of its sentence."""

    idle: frozenset[str]
    """Words that a role may begin with and that say nothing of it."""
    opening: frozenset[str]
    """Words that a sentence may have before a role and that are none of it."""
    outside: frozenset[str]
    """Words that no role has before its last noun."""
    within: frozenset[str]
    """Adjectives and nouns that a role may have before its last noun."""
    apposed: re.Pattern[str]
    """What stands between the commas behind a name, as the group."""
