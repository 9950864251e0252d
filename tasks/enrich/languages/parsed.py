"""What rules that read a parse must know of a language: records of words and patterns, by what they are for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ACRONYMS = re.compile(r"[A-Z]{2,}s")
"""Several of a kind, such as ATMs."""


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
    wishes: frozenset[str]
    """Verbs of who would have somebody say something: "I hope that the town says"."""
    undone: frozenset[str]
    """Words before "to say" that leave open whether it was said, or tell that it was not."""
    acts_of_others: frozenset[str]
    """Verbs with which somebody is to say something: "they wanted him to say"."""


@dataclass(frozen=True, slots=True)
class CueWords:
    """The words by which cues of unusual kinds are told, and clauses that are none; all in lower case."""

    only_verbs: frozenset[str]
    """Cue verbs that are nothing else, whatever the tagger makes of them."""
    reports_more: frozenset[str]
    """What stands behind a verb that goes on to report what else was said."""
    citing: frozenset[str]
    """Verbs whose object is who speaks: to quote, to cite."""
    asked: frozenset[str]
    """Participles of who is spoken to: they are no cue unless somebody "has asked"."""
    with_infinitive: tuple[str, ...]
    """What verbs begin with that only say when something else is done: "continues to be"."""
    leading_off: frozenset[str]
    """What a clause opens with that says more of the quoted words, not who said them."""
    said_by_noun: frozenset[str]
    """Verbs that a noun right behind a quotation takes: "the ad states"."""
    put: frozenset[str]
    """Forms of the verb in "as Smith put it"."""
    before_nouns: frozenset[str]
    """Words before what is a noun, whatever the tagger says."""
    replies: frozenset[str]
    """Verbs of who answers what was asked before."""
    dismissing: frozenset[str]
    """Particles behind a verb that make it one of acting on the words behind: "shrugged off"."""
    embedding: frozenset[str]
    """What a question that somebody asks opens with, within a sentence: "asked whether"."""
    like: frozenset[str]
    """What stands before one whom the speaker is like: "Like Smith, Jones said"."""


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
    couple: re.Pattern[str]
    """What stands between two who share a surname that the second is named by."""
    spouse: re.Pattern[str]
    """Whose husband or wife the sentence goes on to name: "whose" is the group."""
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
    own_pronouns: Mapping[str, re.Pattern[str]]
    """All forms of "he" and of "she", by those."""
    goes_on: re.Pattern[str]
    """From a name that leads a sentence to the first pronoun in it, which is the last group, "he" or "she"."""
    has_subject: re.Pattern[str]
    """What ends in the subject of the verb behind it, so that no subject follows that verb."""


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


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a name and tells a place, a person or a body."""

    placed: re.Pattern[str]
    """What stands before a place, and now and then before others."""
    aged: re.Pattern[str]
    """A name before an age, as the group."""
    month_name: re.Pattern[str]
    """A surname behind a given name that is a month, as the group."""
    days: frozenset[str]
    goes_on: re.Pattern[str]
    """From a name to the next pronoun, nobody else being named between; the group ``personal`` is "he" or "her"."""
    in_business: re.Pattern[str]
    """What stands behind a company: Ford "recalled" its trucks."""
    opening_word: re.Pattern[str]
    """Adverbs and participles: a name that ends so and only opens sentences is none."""
    in_place: re.Pattern[str]
    place_noun: re.Pattern[str]
    """What stands behind a place: a district, a river."""
    place_of: re.Pattern[str]
    body_before: re.Pattern[str]
    body_behind: re.Pattern[str]
    served: re.Pattern[str]
    """What stands before whom somebody works for: "a researcher at" Acme."""
    introduced: re.Pattern[str]
    """A body behind the noun that says what it is, as the group."""
    capitals: re.Pattern[str]
    """A run of words with capitals, small ones between them."""
    beside: re.Pattern[str]
    """What stands behind a body's name, and a people's or place's too: "Herald newspaper", "Acme founder"."""
    acts: re.Pattern[str]
    """What stands behind somebody who says or does something."""
    short_form: re.Pattern[str]
    """The noun behind "the" that stands alone, as the group."""
    never_short: frozenset[str]
    """Heads that with a capital mostly stand for the kind of body."""
    ministry: re.Pattern[str]
    """What stands behind the country of a ministry: "'s foreign ministry"."""
    bracketed: re.Pattern[str]
    """A short form behind a long one, the last words of which the model may have cut off: "Bank | of the Gulf (BOG)".

    Those words and the short form are groups one and two.
    """


@dataclass(frozen=True, slots=True)
class Edges:
    """What a model marks with a name that is no part of it, and what it marks that is no name."""

    joint: re.Pattern[str]
    """What stands between two names in one span."""
    numbers: frozenset[str]
    small_nouns: frozenset[str]
    """What a body has or does, written small behind its name."""
    hyphened: re.Pattern[str]
    """The rest of a name that was cut at a hyphen."""
    field: re.Pattern[str]
    """What a body is about, cut off by the model: "Economic Co" -operation and Development, "Committee" on Torture."""
    numbered: re.Pattern[str]
    """Bills, acts and articles by number or letter."""
    crude: re.Pattern[str]
    """What stands behind a grade of oil."""
    partisans: frozenset[str]
    """Members of a party, which no person is."""
    ranks: frozenset[str]
    """Ranks in short, as written."""
    holidays: frozenset[str]
    says_behind: re.Pattern[str]
    person_behind: re.Pattern[str]
    """What stands behind somebody alone, and no body: ", the president"."""
    person_ahead: re.Pattern[str]
    faiths: re.Pattern[str]
    """Religions and doctrines."""
    no_name_tail: re.Pattern[str]
    """What is joined to a name by a hyphen: "-led", "-based"."""
    no_name_head: re.Pattern[str]
    """What stands before a name in a span: "pro-", "several", "Meanwhile"."""
    inverted: re.Pattern[str]
    """A verb that opens a sentence, before who speaks. "Said" is a given name too, unless a quotation follows."""
    small_tail: re.Pattern[str]
    portfolio: re.Pattern[str]
    """What stands before the field that somebody is in charge of, which is no body; other fields may stand between."""
    office: re.Pattern[str]
    """What may stand before a body's name in a span that the model took for one: "Rector of" Curepipe College."""
    organ: re.Pattern[str]
    """An organ of state without the people or country before it: "Foreign Ministry", "Department of Energy"."""
    ranking: frozenset[str]
    """Words that with a capital only say what rank an officer has: Grand Chief, Financial Secretary."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What kind of thing a name says that it is, and what is no name; all words in lower case.

    The head of a name is the last word, or the one before the first "of", "for" or "in": "Ministry of Foreign Affairs",
    "Bank for International Settlements".
    """

    label_of: Mapping[str, str]
    """The labels that the heads of names call for: a Ministry, a River, a Festival."""
    opened: Mapping[str, str]
    """Those that first words call for: a Hotel, a Mount."""
    two_words: Mapping[str, re.Pattern[str]]
    """Those that the last two words call for."""
    inner: re.Pattern[str]
    """What stands behind the head of a name that goes on."""
    maybe: frozenset[str]
    """Heads of names that are bodies unless the model takes them for places or works."""
    standing_alone: frozenset[str]
    """Generic nouns that are the name of one body wherever they stand with a capital."""
    generic: frozenset[str]
    """Words that with a capital or in capitals still name nobody and nothing in particular."""
    fields: frozenset[str]
    """Words of what ministers and departments are in charge of."""
    surnames_too: frozenset[str]
    """Heads that people are called too."""
    honorifics: frozenset[str]
    """What stands before a person's name only."""
    titled: frozenset[str]
    """What may stand before a person's name."""
    peoples: frozenset[str]
    """Peoples without a country of their own, that models take for bodies or places."""
    roles: frozenset[str]
    officers: frozenset[str]
    """Last words of what is no body but somebody: Deputy Director."""
    officer_behind: re.Pattern[str]
    context: Context
    edges: Edges

    def kind_of(self, name: str) -> str | None:
        """The label that the head noun of a name calls for; None where it calls for none."""
        parts = name.split()
        if len(parts) < 2:
            return None
        inner = self.inner.search(name)
        if inner:
            label = self.label_of.get(name[: inner.start()].rsplit(maxsplit=1)[-1].lower())
            if label is not None:
                return label
        lower = name.lower()
        label = next((kind for kind, pattern in self.two_words.items() if pattern.search(lower)), None)
        return label or self.label_of.get(parts[-1].lower()) or self.opened.get(parts[0].lower())

    def head_of(self, name: str) -> str | None:
        """The noun at the head of a body's name, as it stands: the Commission of the Forestry Commission."""
        if " " not in name:
            return None
        inner = self.inner.search(name)
        heads = [name[: inner.start()].rsplit(maxsplit=1)[-1]] if inner else []
        return next(
            (head for head in (*heads, name.rsplit(maxsplit=1)[-1]) if self.label_of.get(head.lower()) == "ORG"), None
        )

    def may_be_body(self, name: str) -> bool:
        """Whether the last word of a name is one that bodies have, and some places too: a Centre, Motors, Online."""
        last = name.rsplit(maxsplit=1)[-1].lower() if " " in name else ""
        return last in self.maybe

    def is_generic(self, name: str) -> bool:
        """Whether a name is but a common noun or a field: "the Ministry", "COVID-19", "Science and Technology"."""
        word = name.lower()
        if " " in word:
            return self.kind_of(word) is None and self.fields.issuperset(word.split())
        common = word in self.generic or word in self.fields
        return bool(_ACRONYMS.fullmatch(name)) or (common and word not in self.standing_alone)
