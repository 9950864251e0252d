"""The subject of a verb by the order of words, and whether what the verb reports was said."""

from collections.abc import Sequence
from typing import NamedTuple

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.entities.countries import place_label
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.named import Named
from newsmill.tasks.enrich.quotes.phrases import Phrase, Sort, constituents, is_given, phrase_at
from newsmill.tasks.enrich.quotes.sentences import Token, may_be_name
from newsmill.tasks.enrich.quotes.speakers import LIKELY

STOPS = frozenset(".!?;:")
_CLAUSE_ENDS = frozenset({",", ":", ";", "(", "–", "—"})
_MOST_FILLERS = 8
_ADJECTIVE = ("e", "en", "es")
_FULL_NAME = 2
"""Words of a given name and a surname."""


class Found(NamedTuple):
    """Who speaks in a sentence, with the tokens of the cue; without anybody ``method`` says why."""

    who: Phrase | None
    cue: tuple[int, int] | None
    method: SpeakerMethod
    confidence: float
    tokens: Sequence[Token] | None = None
    """The tokens that both are counted in, where those are not the sentence's own."""


class Clauses:
    """Reads clauses of a language in an article with these people."""

    def __init__(self, named: Named, order: WordOrder) -> None:
        self._named = named
        self._order = order

    def past_fillers(self, tokens: Sequence[Token], at: int) -> int:
        """Where the words end that may stand between a verb and its subject."""
        while at < len(tokens) and tokens[at].lower in self._order.fillers:
            at += 1
        return at

    def subject_after(self, tokens: Sequence[Token], at: int, end: int) -> Phrase | None:
        """The first noun phrase behind a verb that can be its subject."""
        order, skipped = self._order, 0
        if at < end and may_be_name(tokens[at]):
            return Phrase(at, at + 1, tokens[at].lower, Sort.BODY, None, None, True, True, None)
        while at < end and skipped < _MOST_FILLERS:
            token = tokens[at]
            if token.text in _CLAUSE_ENDS or token.text in STOPS:
                return None
            if token.lower in order.prepositions:
                inner = phrase_at(tokens, at + 1, order, 1)
                at = inner.last if inner is not None else at + 1
                skipped += 1
                continue
            phrase = phrase_at(tokens, at, order)
            if (
                token.lower in order.fillers
                and (phrase is None or phrase.sort is Sort.PRONOUN)
                and token.lower not in order.he | order.she
            ):
                at += 1
                skipped += 1
                continue
            if phrase is not None and phrase.is_subject:
                return phrase
            at = phrase.last if phrase is not None else at + 1
            skipped += 1
        return None

    def subject_before(self, tokens: Sequence[Token], verb: int, start: int) -> Phrase | None:
        """The noun phrase that reaches up to a verb and can be its subject."""
        order = self._order
        opening: Phrase | None = None
        before: Phrase | None = None
        for first, last, phrase in constituents(tokens, start, verb, order):
            gap = last
            apart = first == start or tokens[first - 1].text in {",", ":"} or tokens[first - 1].lower in order.joining
            while apart and gap < verb and phrase is not None and tokens[gap].text in {",", "."}:
                gap += 1
            if self.past_fillers(tokens, gap) == verb:
                if phrase is None or (phrase.sort is Sort.PRONOUN and phrase.head not in order.he | order.she):
                    return phrase if phrase is not None and first <= start + 3 else None
                return self._of_named(tokens, before, phrase)
            before = phrase
            if phrase is not None and phrase.is_somebody and last < verb and tokens[last].text == ",":
                opening = opening if opening is not None and phrase.sort is Sort.PRONOUN else opening or phrase
        # Somebody, a clause between commas, verb.
        return opening if opening is not None and tokens[verb - 1].text == "," and opening.first - start <= 4 else None

    def _of_named(self, tokens: Sequence[Token], before: Phrase | None, who: Phrase) -> Phrase:
        """A bare role with the name right before it: "Anne Morel, fondatrice du musée affirme"."""
        is_bare = who.name is None and who.role is not None and who.role[0] == who.first and not self._order.verb_second
        if not is_bare or before is None or before.name is None or before.name[1] - before.name[0] < _FULL_NAME:
            return who
        if before.last != who.first and (tokens[before.last].text != "," or before.last + 1 != who.first):
            return who
        return who._replace(first=before.first, head=before.head, name=before.name)

    def shared(self, tokens: Sequence[Token], verb: int, start: int) -> Phrase | None:
        """The subject that a verb behind "and" has in common with the one before it."""
        order = self._order
        for earlier in range(verb - 2, start - 1, -1):
            if tokens[earlier].quote is None and tokens[earlier].lower in order.loose | order.auxiliaries:
                who = self.subject_before(tokens, earlier, start)
                who = who or (self.subject_after(tokens, earlier + 1, verb) if order.verb_second else None)
                if who is not None:
                    return who
        who = self.first_subject(tokens, verb)
        return who if who is not None and who.first <= start + 1 else None

    def subject_of(self, tokens: Sequence[Token], verb: int, start: int, end: int, *, beside: bool) -> Phrase | None:
        """The subject of a verb on either side of it."""
        order = self._order
        if verb > start and tokens[verb - 1].lower in order.joining:
            return self.shared(tokens, verb, start) or self.subject_after(tokens, verb + 1, end)
        before = self.subject_before(tokens, verb, start)
        if not order.verb_second:
            return before or (self.subject_after(tokens, verb + 1, end) if beside else None)
        beyond = phrase_at(tokens, verb + 1, order) if verb > start and tokens[verb - 1].text == "," else None
        if beyond is not None and beyond.sort is Sort.PRONOUN and beyond.is_subject and verb + 1 < end:
            return beyond  # "... niemals Selbstzweck, betont sie": what stands before the comma is what she says
        if before is not None and before.sort is Sort.PRONOUN:
            return before
        if before is not None and before.is_somebody and not self._is_bare(tokens, before):
            return before
        after = self.subject_after(tokens, verb + 1, end)
        if (
            after is not None
            and after.is_somebody
            and (before is None or after.sort is not Sort.PRONOUN or not before.is_somebody)
        ):
            return after
        return before or after

    def _is_bare(self, tokens: Sequence[Token], who: Phrase) -> bool:
        """Whether one word with a capital, that nothing says is a name, is all there is."""
        if who.name is None or who.role is not None or who.name[1] - who.name[0] > 1:
            return False
        return not self._named.is_named(tokens[who.name[0]].start)

    def is_unknown(self, tokens: Sequence[Token], who: Phrase) -> bool:
        """Whether nothing but its place says that words with capitals are a name."""
        if who.name is None or who.role is not None:
            return False
        first, last = who.name
        words = [token for token in tokens[first:last] if token.lower not in self._order.particles]
        if not words or self._named.is_named(words[-1].start):
            return False
        adjective = self._order.nouns_have_capitals and words[0].lower.endswith(_ADJECTIVE)  # Jegliche Verantwortung
        return (len(words) < _FULL_NAME or adjective) and not is_given(words[0].lower, self._order)

    def first_subject(self, tokens: Sequence[Token], end: int) -> Phrase | None:
        """The first noun phrase of a sentence that can be its subject and is somebody."""
        order = self._order
        for _, _, phrase in constituents(tokens, 0, end, order):
            if (
                phrase is not None
                and phrase.is_somebody
                and (phrase.sort is not Sort.PRONOUN or phrase.head in order.he | order.she)
            ):
                return phrase
        return None

    def is_common(self, tokens: Sequence[Token], who: Phrase, found: Found | None = None) -> bool:
        """Whether a bare noun is taken for a name only because nouns have capitals.

        One that nothing else says is a name is one beside a verb that only reports, or right before a colon.
        """
        if who.name is None or who.role is not None:
            return False
        token = tokens[who.name[0]]
        alone = who.name[1] - who.name[0] == 1
        if alone and place_label(token.text) is not None and not self._named.is_surname(token.text):
            return True  # a man from Lexington, Massachusetts, said
        if self._named.is_named(token.start) or (alone and self._named.is_surname(token.text)):
            return False
        if not self._order.nouns_have_capitals:
            weak = found is None or found.confidence < LIKELY
            return weak and who.name[1] - who.name[0] == 1
        if who.name[1] - who.name[0] > 1:  # Pyrotechnische Gegenstände
            told = found is not None and found.confidence >= LIKELY
            return not told and token.lower.endswith(_ADJECTIVE)
        if self._order.noun_endings.fullmatch(token.lower) or self._named.is_noun(token.text):
            return True
        if found is None or found.method is SpeakerMethod.ACCORDING_TO:
            return found is None
        if found.method is SpeakerMethod.CUE_AFTER and found.cue is not None and who.first == found.cue[1]:
            return False
        if found.method is SpeakerMethod.COLON:
            return found.confidence < LIKELY
        return found.cue is None or tokens[found.cue[0]].lower not in self._order.surest

    def is_supposed(self, tokens: Sequence[Token], verb: int, subject: int) -> bool:
        """Whether a clause denies or supposes that something was said."""
        first = min(verb, subject)
        start = max(0, first - 4)
        for place in range(start, first):
            if tokens[place].text in STOPS or tokens[place].quote is not None:
                start = place + 1
        ahead, near = tokens[start : verb + 1], tokens[max(start, verb - 2) : verb + 4]
        supposed = any(token.lower in self._order.supposing for token in ahead if token.quote is None)
        return supposed or any(token.lower in self._order.denials for token in near if token.quote is None)
