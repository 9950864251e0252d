"""Speakers by the order of words, for languages whose rules read no parse.

A frame decides: quotation, verb, somebody ("...", sagte Merkel); somebody, verb, colon; a source ("laut Merkel"). What
no frame ties to a speaker goes on from the words around it, or has none. Nobody is named on a guess.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.marks import QuotedSpan
from newsmill.tasks.enrich.quotes.named import Named
from newsmill.tasks.enrich.quotes.phrases import Phrase, Sort, constituents, phrase_at, role_words
from newsmill.tasks.enrich.quotes.sentences import Sentence, Token, may_be_name, sentences_of, tokens_of
from newsmill.tasks.enrich.quotes.speakers import CONFIDENCE, FAIR, LIKELY, SURE, WEAK, Attribution

_SKIPPED = frozenset({",", "-", "–", "—", "―", ")", "…"})
_STOPS = frozenset(".!?;:")
_STOPS_INSIDE = frozenset(".!?…")
_CLAUSE_ENDS = frozenset({",", ":", ";", "(", "–", "—"})
_MOST_FILLERS = 8
_MIN_WORDS = 4
_LONGEST_SENTENCE = 400
_BACK = 3
"""Sentences of the reporter's own between two quotations of one speaker."""


class Found(NamedTuple):
    """Who speaks in a sentence, with the tokens of the cue, or why nobody does."""

    who: Phrase | None
    cue: tuple[int, int] | None
    method: SpeakerMethod
    confidence: float
    carried: Attribution | None = None
    """The attribution that it goes on from, where the sentence itself names nobody."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Indirect speech: the stretches of the text, and whose they are."""

    segments: tuple[tuple[int, int], ...]
    who: Attribution


def attribute_by_order(
    text: str, spans: Sequence[QuotedSpan], named: Named, order: WordOrder
) -> tuple[list[Attribution], list[Reported]]:
    """One attribution for each quoted span, and the indirect speech, each in order of text."""
    sentences = [s for s in sentences_of(text, spans, order) if len(s.tokens) <= _LONGEST_SENTENCE or s.quotes]
    whose: dict[int, Attribution] = {}
    reported: list[Reported] = []
    reader = _Reader(text, sentences, named, order)
    for number, sentence in enumerate(sentences):
        for place, who in reader.read(number):
            quote = sentence.tokens[place].quote
            if quote is not None:
                whose[quote] = who
        reported += reader.indirect(number)
    return [whose.get(n, Attribution.none(SpeakerMethod.NO_CUE)) for n in range(len(spans))], _merged(reported)


def _merged(reported: Sequence[Reported]) -> list[Reported]:
    return list(reported)


class _Reader:
    """Reads the sentences of an article in order, and remembers who spoke last."""

    def __init__(self, text: str, sentences: Sequence[Sentence], named: Named, order: WordOrder) -> None:
        self._text = text
        self._sentences = sentences
        self._named = named
        self._order = order
        self._last: tuple[int, Attribution] | None = None
        """The sentence that speaks last, and who speaks in it."""
        self._own: dict[int, tuple[Attribution, Found]] = {}

    def read(self, number: int) -> Iterator[tuple[int, Attribution]]:
        """The place and attribution of each quotation of a sentence."""
        sentence = self._sentences[number]
        founds = {place: self._cue_of(number, place) for place in sentence.quotes}
        shared = next((found for found in founds.values() if found is not None and found.who is not None), None)
        for place in sentence.quotes:
            found = founds[place]
            if found is None and shared is not None and len(sentence.tokens[place].text.split()) >= _MIN_WORDS:
                found = shared._replace(method=SpeakerMethod.SAME_PARAGRAPH, confidence=min(shared.confidence, LIKELY))
            who = self._resolved(number, found) if found is not None else self._uncued(number, place)
            if who.speaker is not None:
                self._last = (number, who)
                if found is not None:
                    self._own[number] = (who, found)
            yield place, who
        if not sentence.quotes:
            found = self._governing(number, len(sentence.tokens), beside=False) or self._source(number)
            if found is not None:
                who = self._resolved(number, found)
                if who.speaker is not None:
                    self._own[number] = (who, found)
                    self._last = (number, who)
            elif not self._is_subjunctive(sentence):
                if self._last is not None and self._acts_another(number):
                    self._last = None

    # --- cues of a quotation ---

    def _names_a_thing(self, number: int, place: int) -> bool:
        """Whether words in marks are the name of what the noun before them says: the film "..."."""
        tokens, order = self._sentences[number].tokens, self._order
        if place == 0 or tokens[place - 1].quote is not None:
            return False
        before, behind = tokens[place - 1], tokens[place + 1] if place + 1 < len(tokens) else None
        if before.lower in order.determiners and (place == 1 or (behind is not None and behind.text == "(")):
            small = order.determiners | order.oblique | order.prepositions | order.joining
            return all(word[0].isupper() or word.lower() in small for word in tokens[place].text.split())
        return before.lower.endswith(order.naming) and before.is_word

    def _cue_of(self, number: int, place: int) -> Found | None:
        if self._names_a_thing(number, place):
            return Found(None, None, SpeakerMethod.NO_CUE, LIKELY)
        found = self._behind(number, place) or self._passive(number, place)
        if found is not None:
            return found
        if self._order.parenthetical:
            found = self._within(number, place)
            if found is not None:
                return found
        tokens = self._sentences[number].tokens
        ahead = place > 0 and tokens[place - 1].text == ":"
        source = self._source(number)
        in_words = self._order.in_words.search(self._text, max(0, tokens[place].start - 40), tokens[place].start)
        cited = next((p for p in range(place) if tokens[p].lower in self._order.cited), None) if in_words else None
        if cited is not None:
            return self._cited(number, cited, place)
        if in_words:
            who = self._first_subject(tokens, place) or self._first_subject(tokens, len(tokens))
            if who is not None:
                return Found(who, (place - 1, place), SpeakerMethod.CUE_BEFORE, LIKELY)
        if place > 1 and tokens[place - 1].text == "(":
            return self._bracketed(number, place)
        if ahead:
            governing = self._governing(number, place, beside=True)
            return governing or source or self._labelled(number, place)
        closing = self._closing(number, place)
        if closing is not None:
            return closing
        governing = self._governing(number, place, beside=False)
        if source is not None and (governing is None or source.cue is None):
            return source
        return governing or source

    def _bracketed(self, number: int, place: int) -> Found | None:
        """Who stands right before a quotation in brackets: Jan Ahlers („...“)."""
        tokens = self._sentences[number].tokens
        for first in range(max(0, place - 9), place - 1):
            who = phrase_at(tokens, first, self._order, 1)
            sentence = tokens[place].text[-1:] in _STOPS_INSIDE
            if sentence and who is not None and who.name is not None and who.name[1] == place - 1:
                return Found(who, None, SpeakerMethod.COLON, FAIR)
        return None

    def _behind(self, number: int, place: int) -> Found | None:
        """A cue right behind a quotation: "...", sagte Merkel; "...", so Merkel; "...", heißt es im Bericht."""
        tokens, order = self._sentences[number].tokens, self._order
        at = place + 1
        while at < len(tokens) and tokens[at].text in _SKIPPED:
            at += 1
        bracketed = at < len(tokens) and tokens[at].text == "("
        if bracketed:
            close = next((p for p in range(at, min(at + 40, len(tokens))) if tokens[p].text == ")"), at)
            at = close + 1
            while at < len(tokens) and tokens[at].text in _SKIPPED:
                at += 1
        if at >= len(tokens) or tokens[at].quote is not None:
            return self._announced(number, place)
        so = order.verb_second and tokens[at].lower == "so" and at + 1 < len(tokens)
        impersonal = order.impersonal.match(self._text, tokens[at + so].start)
        if impersonal:
            return self._at_offset(number, impersonal.end(), (at, at + 1), SpeakerMethod.CUE_AFTER, LIKELY)
        while at + 1 < len(tokens) and tokens[at].lower in order.reflexives:
            at += 1
        led = at > place + 1 or self._text[tokens[place].end - 2 : tokens[place].end - 1] in ",!?.…–-"
        sure = SURE if led and not bracketed else LIKELY
        inverted = order.inverted.fullmatch(tokens[at].lower)
        if inverted:
            return self._inverted(number, at, inverted, sure)
        if tokens[at].lower in order.cited:
            return self._cited(number, at, len(tokens))
        if tokens[at].lower in order.passives and any(token.lower in order.cited for token in tokens[at:]):
            who = self._subject_after(tokens, at + 1, len(tokens))
            return None if who is None else Found(who, (at, at + 1), SpeakerMethod.CUE_AFTER, LIKELY)
        if (
            order.verb_second
            and tokens[at].lower in order.loose
            and at + 1 < len(tokens)
            and tokens[at + 1].lower == "es"
        ):
            return Found(None, (at, at + 1), SpeakerMethod.NO_CUE, LIKELY)
        if tokens[at].lower in (order.loose if led else order.plain):
            return self._cued(number, at, at + 1, len(tokens), SpeakerMethod.CUE_AFTER, sure)
        helped = at + 1 < len(tokens) and tokens[at + 1].lower in order.participles
        if tokens[at].lower in order.auxiliaries and (led or helped):
            return self._with_participle(number, at, len(tokens), SpeakerMethod.CUE_AFTER, sure)
        if so and tokens[at + 1].lower in order.loose:
            return self._cued(number, at + 1, at + 2, len(tokens), SpeakerMethod.CUE_AFTER, sure)
        source = self._source_at(number, at) if led or tokens[at].lower not in {"so", "wie"} else None
        if source is not None:
            return source._replace(confidence=LIKELY)
        if led and not order.verb_second:
            phrase = phrase_at(tokens, at, order)
            if phrase is not None and phrase.is_subject and phrase.last < len(tokens):
                verb = self._past_fillers(tokens, phrase.last)
                if verb < len(tokens) and tokens[verb].lower in order.plain | order.auxiliaries:
                    return self._stated(number, phrase, (verb, verb + 1), SpeakerMethod.CUE_AFTER, sure)
        return self._announced(number, place) if at >= len(tokens) - 1 else None

    def _within(self, number: int, place: int) -> Found | None:
        """A cue within the marks: « Le pont, explique le maire, ferme. »"""
        quoted, order = self._sentences[number].tokens[place], self._order
        tokens = tokens_of(self._text, quoted.start, quoted.end, order)
        for at in range(1, len(tokens) - 2):
            if tokens[at].text != ",":
                continue
            verb = at + 1 + (tokens[at + 1].lower in order.reflexives)
            helped = tokens[verb].lower in order.auxiliaries and tokens[verb + 1].lower in order.participles
            if tokens[verb].lower not in order.plain and not helped:
                continue
            who = phrase_at(tokens, verb + 1 + helped, order)
            if who is None or not who.is_somebody or who.sort is Sort.PRONOUN:
                continue
            if who.last >= len(tokens) or tokens[who.last].text not in {",", "."}:
                continue
            said = self._attribution(tokens, who, (verb, verb + 1 + helped), SpeakerMethod.CUE_AFTER, LIKELY)
            return Found(None, None, SpeakerMethod.CUE_AFTER, LIKELY, said)
        return None

    def _announced(self, number: int, place: int) -> Found | None:
        """A sentence behind that says whose it was: "..." Das sagte Merkel."""
        order = self._order
        if not order.verb_second or number + 1 >= len(self._sentences):
            return None
        tokens = self._sentences[number + 1].tokens
        if len(tokens) < 3 or tokens[0].lower not in {"das", "dies", "so"}:
            return None
        if tokens[1].lower not in order.plain | order.auxiliaries:
            return None
        end = next(
            (p for p, token in enumerate(tokens) if token.text in _STOPS or token.quote is not None), len(tokens)
        )
        verb = tokens[1].lower in order.plain or any(t.lower in order.participles for t in tokens[2:end])
        subject = self._subject_after(tokens, 2, end) if verb else None
        if subject is None or not subject.is_somebody:
            return None
        return Found(
            None,
            None,
            SpeakerMethod.CUE_AFTER,
            LIKELY,
            self._attribution(self._sentences[number + 1].tokens, subject, (1, 2), SpeakerMethod.CUE_AFTER, LIKELY),
        )

    def _inverted(self, number: int, at: int, match: re.Match[str], sure: float) -> Found | None:
        """A verb with its pronoun in one word: dit-il, a-t-elle ajouté."""
        order, tokens = self._order, self._sentences[number].tokens
        verb, pronoun = match.group(1), match.group(2)
        if pronoun == "on":  # peut-on lire
            return Found(None, (at, at + 1), SpeakerMethod.NO_CUE, sure)
        if verb in order.auxiliaries:
            end = min(at + 4, len(tokens))
            part = next((p for p in range(at + 1, end) if tokens[p].lower in order.participles), None)
            if part is None:
                return None
            cue = (at, part + 1)
        elif verb in order.loose:
            cue = (at, at + 1)
        else:
            return None
        gender = "he" if pronoun in order.he else "she" if pronoun in order.she else None
        who = Phrase(at, at + 1, pronoun, Sort.PRONOUN, None, None, True, False, gender)
        return Found(who, cue, SpeakerMethod.CUE_AFTER, sure)

    def _cued(
        self, number: int, verb: int, at: int, end: int, method: SpeakerMethod, confidence: float
    ) -> Found | None:
        """The subject behind a verb, with the verb as its cue."""
        tokens = self._sentences[number].tokens
        subject = self._subject_after(tokens, at, end)
        if subject is None:
            return self._dropped(number, (verb, verb + 1), method, verb, end)
        return self._stated(number, subject, (verb, verb + 1), method, confidence)

    def _with_participle(
        self, number: int, auxiliary: int, end: int, method: SpeakerMethod, confidence: float
    ) -> Found | None:
        tokens, order = self._sentences[number].tokens, self._order
        limit = next(
            (p for p in range(auxiliary + 1, end) if tokens[p].quote is not None or tokens[p].text in ".;:!?"), end
        )
        part = next((p for p in range(auxiliary + 1, limit) if tokens[p].lower in order.participles), None)
        if part is None:
            return None
        subject = self._subject_after(tokens, auxiliary + 1, part) if part > auxiliary + 1 else None
        subject = subject or (None if order.verb_second else self._subject_after(tokens, part + 1, limit))
        if subject is None:
            return self._dropped(number, (auxiliary, part + 1), method, auxiliary, limit)
        return self._stated(number, subject, (part, part + 1), method, confidence)

    def _dropped(self, number: int, cue: tuple[int, int], method: SpeakerMethod, verb: int, end: int) -> Found | None:
        """A verb without a subject, in a language that leaves the pronoun out: whoever spoke last."""
        tokens = self._sentences[number].tokens
        if not self._order.drops_subject or self._last is None or number - self._last[0] > _BACK:
            return None
        if self._is_supposed(tokens, verb, verb):
            return None
        return Found(None, cue, SpeakerMethod.CONTINUATION, FAIR, self._last[1])

    def _is_common(self, tokens: Sequence[Token], who: Phrase, found: Found | None = None) -> bool:
        """Whether a bare noun is taken for a name only because nouns have capitals.

        One that nothing else says is a name is one beside a verb that only reports, or right before a colon.
        """
        if who.name is None or who.role is not None or not self._order.nouns_have_capitals:
            return False
        token = tokens[who.name[0]]
        if self._named.is_named(token.start):
            return False
        if who.name[1] - who.name[0] > 1:  # Pyrotechnische Gegenstände
            told = found is not None and found.confidence >= LIKELY
            return not told and token.lower.endswith(("e", "en", "es"))
        if self._order.noun_endings.fullmatch(token.lower) or self._named.is_noun(token.text):
            return True
        if found is None or found.method is SpeakerMethod.ACCORDING_TO:
            return found is None
        if found.method is SpeakerMethod.CUE_AFTER and found.cue is not None and who.first == found.cue[1]:
            return False
        if found.method is SpeakerMethod.COLON:
            return found.confidence < LIKELY
        return found.cue is None or tokens[found.cue[0]].lower not in self._order.surest

    def _is_determined(self, tokens: Sequence[Token], who: Phrase) -> bool:
        return tokens[who.first].lower in self._order.determiners

    def _stated(
        self, number: int, who: Phrase, cue: tuple[int, int], method: SpeakerMethod, confidence: float
    ) -> Found:
        tokens = self._sentences[number].tokens
        sure = self._is_determined(tokens, who) and tokens[cue[0]].lower in self._order.surest
        if who.sort is Sort.THING and who.head not in self._order.speaking and not sure:
            return Found(None, cue, SpeakerMethod.NO_CUE, confidence)
        if self._is_supposed(tokens, cue[0], who.first):
            return Found(None, cue, SpeakerMethod.SUPPOSED, confidence)
        return Found(who, cue, method, confidence)

    def _is_supposed(self, tokens: Sequence[Token], verb: int, subject: int) -> bool:
        """Whether a clause denies or supposes that something was said."""
        first, last = max(0, min(verb, subject) - 4), min(len(tokens), max(verb, subject) + 5)
        start = (
            max(
                (
                    p
                    for p in range(first, min(verb, subject))
                    if tokens[p].text in _STOPS or tokens[p].quote is not None
                ),
                default=first - 1,
            )
            + 1
        )
        window = [token for token in tokens[start:last] if token.quote is None]
        if any(token.lower in self._order.supposing for token in tokens[start : verb + 1] if token.quote is None):
            return True
        near = tokens[max(start, verb - 2) : verb + 4]
        return any(token.lower in self._order.denials for token in near if token.quote is None) and bool(window)

    def _subject_after(self, tokens: Sequence[Token], at: int, end: int) -> Phrase | None:
        """The first noun phrase behind a verb that can be its subject."""
        order = self._order
        skipped = 0
        if at < end and may_be_name(tokens[at]):
            return Phrase(at, at + 1, tokens[at].lower, Sort.BODY, None, None, True, True, None)
        while at < end and skipped < _MOST_FILLERS:
            token = tokens[at]
            if token.text in _CLAUSE_ENDS or token.text in _STOPS:
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

    def _past_fillers(self, tokens: Sequence[Token], at: int) -> int:
        while at < len(tokens) and tokens[at].lower in self._order.fillers:
            at += 1
        return at

    def _subject_before(self, tokens: Sequence[Token], verb: int, start: int) -> Phrase | None:
        """The noun phrase that reaches up to a verb and can be its subject."""
        order = self._order
        opening: Phrase | None = None
        for first, last, phrase in constituents(tokens, start, verb, order):
            gap = last
            apart = first == start or tokens[first - 1].text in {",", ":"} or tokens[first - 1].lower in order.joining
            while apart and gap < verb and phrase is not None and tokens[gap].text in {",", "."}:
                gap += 1
            if self._past_fillers(tokens, gap) == verb:
                if phrase is None or (phrase.sort is Sort.PRONOUN and phrase.head not in order.he | order.she):
                    return phrase if phrase is not None and first <= start + 3 else None
                return phrase
            if phrase is not None and phrase.is_somebody and last < verb and tokens[last].text == ",":
                opening = opening if opening is not None and phrase.sort is Sort.PRONOUN else opening or phrase
        # Somebody, a clause between commas, verb.
        return opening if opening is not None and tokens[verb - 1].text == "," and opening.first - start <= 4 else None

    def _shared(self, tokens: Sequence[Token], verb: int, start: int) -> Phrase | None:
        """The subject that a verb behind "and" has in common with the one before it."""
        order = self._order
        for earlier in range(verb - 2, start - 1, -1):
            if tokens[earlier].quote is None and tokens[earlier].lower in order.loose | order.auxiliaries:
                who = self._subject_before(tokens, earlier, start)
                who = who or (self._subject_after(tokens, earlier + 1, verb) if order.verb_second else None)
                if who is not None:
                    return who
        who = self._first_subject(tokens, verb)
        return who if who is not None and who.first <= start + 1 else None

    def _subject_of(self, tokens: Sequence[Token], verb: int, start: int, end: int, *, beside: bool) -> Phrase | None:
        """The subject of a verb on either side of it."""
        order = self._order
        if verb > start and tokens[verb - 1].lower in order.joining:
            return self._shared(tokens, verb, start) or self._subject_after(tokens, verb + 1, end)
        before = self._subject_before(tokens, verb, start)
        if not order.verb_second:
            return before or (self._subject_after(tokens, verb + 1, end) if beside else None)
        if before is not None and before.sort is Sort.PRONOUN:
            return before
        sure = (
            before is not None
            and before.is_somebody
            and (
                before.name is None
                or before.role is not None
                or before.name[1] - before.name[0] > 1
                or self._named.is_named(tokens[before.name[0]].start)
            )
        )
        if sure:
            return before
        after = self._subject_after(tokens, verb + 1, end)
        if (
            after is not None
            and after.is_somebody
            and (before is None or after.sort is not Sort.PRONOUN or not before.is_somebody)
        ):
            return after
        return before or after

    def _governing(self, number: int, place: int, *, beside: bool) -> Found | None:
        """A reporting verb ahead of a quotation or of a reported clause, with its subject."""
        tokens, order = self._sentences[number].tokens, self._order
        start = self._clause_start(tokens, place)
        told = self._as_told(number, place)
        if told is not None and not beside:
            return told
        for verb in range(place - 1, start - 1, -1):
            token = tokens[verb]
            if token.quote is not None or (token.is_capital and verb > start and tokens[verb - 1].is_word):
                continue
            plain = token.lower in order.plain or (beside and token.lower in order.loose)
            helped = token.lower in order.auxiliaries and self._participle_near(tokens, verb, place)
            if not plain and not helped:
                continue
            impersonal = order.impersonal.match(self._text, token.start)
            if impersonal:
                found = self._at_offset(number, impersonal.end(), (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
                return found or self._in_document(number, verb)
            if verb + 1 < len(tokens) and tokens[verb + 1].lower == "es" and order.verb_second:
                return self._in_document(number, verb)
            if order.verb_second and (verb + 1 >= len(tokens) or not tokens[verb + 1].is_word):
                helper = next((p for p in range(verb - 1, start - 1, -1) if tokens[p].lower in order.auxiliaries), None)
                if helper is not None and not any(t.text in _STOPS for t in tokens[helper:verb]):
                    verb, plain = helper, True
            if token.lower in order.cited and order.verb_second:
                cited = self._cited(number, verb, place)
                if cited is not None:
                    return cited
            subject = self._subject_of(tokens, verb, start, place, beside=beside)
            if subject is None:
                if verb == start or tokens[verb - 1].text in {",", "y", "et"}:
                    dropped = self._dropped(number, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, verb, place)
                    if dropped is not None:
                        return dropped
                continue
            if subject.sort is Sort.THING and not (plain and token.lower in order.plain):
                continue
            if subject.sort is Sort.PRONOUN and subject.head == "der":
                continue
            return self._stated(number, subject, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
        return None

    def _participle_near(self, tokens: Sequence[Token], verb: int, place: int) -> bool:
        """Whether a participle of speech belongs to an auxiliary."""
        limit = min(len(tokens), verb + 40)
        for at in range(verb + 1, limit):
            if tokens[at].text in _STOPS:
                return False
            if tokens[at].lower in self._order.participles:
                return True
            if not self._order.verb_second and (tokens[at].text == "," or at > verb + 4):
                return False
        return False

    def _clause_start(self, tokens: Sequence[Token], place: int) -> int:
        """Where the reporter's sentence starts that leads up to a place: behind the last semicolon or label."""
        return max((p + 1 for p in range(place) if tokens[p].text == ";"), default=0)

    def _in_document(self, number: int, verb: int) -> Found | None:
        """ "In der Erklärung heißt es:": the document that the sentence opens with."""
        tokens, order = self._sentences[number].tokens, self._order
        for at in range(verb):
            if tokens[at].lower in order.prepositions:
                inner = phrase_at(tokens, at + 1, order, 1)
                if inner is not None and inner.last <= verb and inner.sort is not Sort.PRONOUN:
                    return Found(inner, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
        return None

    def _as_told(self, number: int, place: int) -> Found | None:
        """ "Wie Merkel mitteilte, ...": a clause that ends with its verb."""
        tokens, order = self._sentences[number].tokens, self._order
        if not order.verb_second:
            return None
        for at in range(len(tokens) - 2):
            if tokens[at].lower != "wie" or not (at == 0 or tokens[at - 1].text == ","):
                continue
            end = next((p for p in range(at + 1, len(tokens)) if tokens[p].text in {",", ".", ":"}), len(tokens))
            subject = self._subject_after(tokens, at + 1, end)
            last = tokens[end - 1].lower
            told = last.endswith(("te", "ten", "t", "ab", "rieb")) or last in order.loose
            if subject is not None and subject.is_somebody and told and subject.last <= end - 1 and end - at > 2:
                return Found(subject, (end - 1, end), SpeakerMethod.ACCORDING_TO, LIKELY)
        return None

    def _closing(self, number: int, place: int) -> Found | None:
        """A reporting verb behind a comma that ends the sentence: Das sei „gut“ gewesen, sagte Merkel."""
        tokens, order = self._sentences[number].tokens, self._order
        for verb in range(len(tokens) - 2, place, -1):
            if tokens[verb].quote is not None:
                return None
            if tokens[verb - 1].text not in {",", "–", "—"}:
                continue
            inverted = order.inverted.fullmatch(tokens[verb].lower)
            if inverted:
                return self._inverted(number, verb, inverted, SURE)
            if tokens[verb].lower in order.plain:
                subject = self._subject_after(tokens, verb + 1, len(tokens))
                if subject is not None and subject.is_somebody:
                    return self._stated(number, subject, (verb, verb + 1), SpeakerMethod.CUE_CLOSING, SURE)
            if tokens[verb].lower in order.auxiliaries:
                found = self._with_participle(number, verb, len(tokens), SpeakerMethod.CUE_CLOSING, SURE)
                if found is not None:
                    return found
        return None

    def _labelled(self, number: int, place: int) -> Found | None:
        """A name or a whole sentence without a reporting verb, and a colon."""
        tokens, order = self._sentences[number].tokens, self._order
        if tokens[0].lower in order.supposing:
            return Found(None, None, SpeakerMethod.SUPPOSED, LIKELY)
        start = 0
        while start < place and (tokens[start].text in {"•", "*", "-", "–"} or tokens[start].lower in order.fillers):
            start += 1
        phrase = phrase_at(tokens, start, order)
        if phrase is not None and phrase.is_subject and phrase.is_somebody:
            if self._past_fillers(tokens, phrase.last) == place - 1:
                return Found(phrase, (place - 1, place), SpeakerMethod.COLON, LIKELY)
        subject = self._first_subject(tokens, place)
        if subject is None or not subject.is_somebody:
            return None
        return Found(subject, (place - 1, place), SpeakerMethod.COLON, FAIR)

    def _first_subject(self, tokens: Sequence[Token], end: int) -> Phrase | None:
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

    def _cited(self, number: int, verb: int, end: int) -> Found | None:
        """Whom an outlet cites: wird Merkel zitiert; zitiert die Zeitung den Minister."""
        tokens, order = self._sentences[number].tokens, self._order
        if any(token.lower in order.passives for token in tokens if token.quote is None):
            who = self._first_subject(tokens, len(tokens))
            return None if who is None else Found(who, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
        at, found = verb + 1, []
        while at < end and tokens[at].text not in _STOPS:
            if tokens[at].lower in order.prepositions:
                break
            phrase = phrase_at(tokens, at, order)
            if phrase is not None:
                found.append(phrase)
            at = phrase.last if phrase is not None else at + 1
        if len(found) == 1 and found[0].name is not None and found[0].role is not None and verb + 1 < found[0].role[0]:
            return Found(found[0], (verb, verb + 1), SpeakerMethod.CUE_AFTER, LIKELY)
        if not found or (len(found) == 1 and found[0].is_subject and self._subject_before(tokens, verb, 0) is None):
            return None
        return Found(found[-1], (verb, verb + 1), SpeakerMethod.CUE_AFTER, LIKELY)

    def _passive(self, number: int, place: int) -> Found | None:
        """Who acts in a passive: wurde von Kritikern als „...“ bezeichnet; or is cited in one."""
        tokens, order = self._sentences[number].tokens, self._order
        cited = next((p for p, token in enumerate(tokens) if token.lower in order.cited and token.quote is None), None)
        if cited is not None and any(token.lower in order.passives for token in tokens if token.quote is None):
            return self._cited(number, cited, len(tokens))
        start = max((p for p in range(place) if tokens[p].text == ","), default=0)
        if not any(token.lower in order.passives for token in tokens[start:place] if token.quote is None):
            return None
        behind = tokens[place + 1 : place + 4]
        if not any(token.lower in order.participles for token in (*behind, *tokens[:place]) if token.quote is None):
            return None
        for at in range(place - 1, 0, -1):
            if tokens[at].text == ",":
                return None
            if tokens[at].lower in order.agents:
                who = phrase_at(tokens, at + 1, order, 1)
                if who is not None and who.is_somebody:
                    return Found(who, None, SpeakerMethod.CUE_BEFORE, LIKELY)
                return None
        return None

    # --- sources ---

    def _source(self, number: int) -> Found | None:
        """A source that the whole sentence is given by: nach Angaben der Polizei."""
        tokens = self._sentences[number].tokens
        for at in range(len(tokens) - 1):
            if tokens[at].quote is None:
                found = self._source_at(number, at)
                if found is not None:
                    return found
            if tokens[at].lower in self._order.postposed:
                for first in range(max(0, at - 10), at):
                    who = phrase_at(tokens, first, self._order, 1)
                    if who is not None and who.last == at:
                        return Found(who, (at, at + 1), SpeakerMethod.ACCORDING_TO, LIKELY)
        return None

    def _source_at(self, number: int, at: int) -> Found | None:
        tokens, order = self._sentences[number].tokens, self._order
        if not tokens[at].is_word or (
            at > 0 and tokens[at].lower in order.prepositions and tokens[at - 1].lower in order.that
        ):
            return None
        match = order.according.match(self._text, tokens[at].start)
        if match is None or match.end() == match.start():
            return None
        groups = match.groupdict()
        if groups.get("bare") and at > 0 and tokens[at - 1].text not in {",", "–", "—"}:
            if tokens[at - 1].quote is None:
                return None
        if groups.get("his") or groups.get("hers"):
            owner = Phrase(
                at, at + 1, tokens[at].lower, Sort.PRONOUN, None, None, True, True, "he" if groups.get("his") else "she"
            )
            return Found(owner, (at, at + 2), SpeakerMethod.ACCORDING_TO, LIKELY)
        found = self._at_offset(number, match.end(), None, SpeakerMethod.ACCORDING_TO, LIKELY)
        if found is None or found.who is None:
            return None
        cue_end = next((p for p in range(at, len(tokens)) if tokens[p].start >= match.end()), at + 1)
        if groups.get("bare"):
            closes = (
                found.who.last >= len(tokens)
                or not tokens[found.who.last].is_word
                or (tokens[found.who.last].lower in order.fillers | order.prepositions)
            )
            behind = at > 0 and (tokens[at - 1].quote is not None or (at > 1 and tokens[at - 2].quote is not None))
            if not closes or not (found.who.is_somebody or (behind and found.who.is_definite)):
                return None
        if found.who.sort is Sort.PRONOUN and found.who.head not in order.he | order.she:
            return None
        if found.who.sort is Sort.THING and not (groups.get("told") or groups.get("bare")):
            return None
        return found._replace(cue=(at, cue_end))

    def _at_offset(
        self, number: int, offset: int, cue: tuple[int, int] | None, method: SpeakerMethod, confidence: float
    ) -> Found | None:
        tokens = self._sentences[number].tokens
        at = next((place for place, token in enumerate(tokens) if token.start >= offset), None)
        who = None if at is None else phrase_at(tokens, at, self._order)
        return None if who is None else Found(who, cue, method, confidence)

    # --- without a cue of its own ---

    def _uncued(self, number: int, place: int) -> Attribution:
        sentence = self._sentences[number]
        tokens, order = sentence.tokens, self._order
        if all(token.quote is not None or not token.is_word or token.lower in order.joining for token in tokens):
            return self._bare(number)
        previous = self._last
        near = (
            previous is not None
            and number - previous[0] <= _BACK
            and (self._sentences[previous[0]].paragraph == sentence.paragraph)
        )
        if near and previous is not None and self._is_subjunctive(sentence):
            return _carried(previous[1], SpeakerMethod.SENTENCE_BEFORE, FAIR)
        subject = self._first_subject(tokens, place)
        if subject is None or self._is_common(tokens, subject) or len(tokens[place].text.split()) < _MIN_WORDS:
            return Attribution.none(SpeakerMethod.NO_CUE)
        if not any(token.lower in order.loose for token in tokens[:place] if token.quote is None):
            return Attribution.none(SpeakerMethod.NO_CUE)
        if subject.sort not in {Sort.PERSON, Sort.PRONOUN} or (subject.gender is None and subject.sort is Sort.PRONOUN):
            return Attribution.none(SpeakerMethod.NO_CUE)
        who = self._attribution(tokens, subject, None, SpeakerMethod.VERB_BEFORE, WEAK)
        return who if self._opens(number, place) else Attribution.none(SpeakerMethod.NO_CUE)

    def _opens(self, number: int, place: int) -> bool:
        """Whether words in marks are so long, or start so, that they are somebody's."""
        return len(self._sentences[number].tokens[place].text.split()) >= _MIN_WORDS

    def _bare(self, number: int) -> Attribution:
        """Whoever spoke right before a quotation that is a sentence of its own."""
        sentence = self._sentences[number]
        if self._last is not None:
            before, who = self._last
            paragraph = self._sentences[before].paragraph
            between = self._sentences[before + 1 : number]
            if paragraph == sentence.paragraph and number - before <= _BACK:
                method = (
                    SpeakerMethod.SAME_PARAGRAPH if self._sentences[before].quotes else SpeakerMethod.SENTENCE_BEFORE
                )
                return _carried(who, method, LIKELY if not between else FAIR)
            if before == number - 1 and sentence.paragraph == paragraph + 1:
                method = SpeakerMethod.CONTINUATION if self._sentences[before].quotes else SpeakerMethod.LEAD_CUE
                return _carried(who, method, FAIR)
        if number > 0 and self._sentences[number - 1].paragraph >= sentence.paragraph - 1:
            lead = self._sentences[number - 1]
            subject = self._first_subject(lead.tokens, len(lead.tokens))
            if (
                not lead.quotes
                and subject is not None
                and not self._is_common(lead.tokens, subject)
                and subject.sort in {Sort.PERSON, Sort.PRONOUN}
            ):
                same = lead.paragraph == sentence.paragraph
                method = SpeakerMethod.SENTENCE_BEFORE if same else SpeakerMethod.LEAD
                return self._attribution(lead.tokens, subject, None, method, FAIR if same else WEAK)
        return Attribution.none(SpeakerMethod.NO_CUE)

    def _acts_another(self, number: int) -> bool:
        """Whether a sentence between speaks of another person than who spoke last."""
        if self._last is None:
            return False
        tokens = self._sentences[number].tokens
        subject = self._first_subject(tokens, len(tokens))
        if subject is None or subject.name is None:
            return False
        return self._attribution(tokens, subject, None, SpeakerMethod.LEAD, FAIR).name != self._last[1].name

    def _is_subjunctive(self, sentence: Sentence) -> bool:
        return any(token.lower in self._order.subjunctive for token in sentence.tokens if token.quote is None)

    # --- who that is ---

    def _resolved(self, number: int, found: Found) -> Attribution:
        if found.carried is not None:
            if found.who is None and found.method is not SpeakerMethod.CONTINUATION:
                return found.carried
            return _carried(found.carried, found.method, found.confidence)
        cue = None if found.cue is None else _stretch(self._sentences[number].tokens, *found.cue)
        if found.who is None:
            return Attribution(None, cue, found.method)
        if self._is_common(self._sentences[number].tokens, found.who, found):
            return Attribution.none(SpeakerMethod.NO_CUE)
        return self._attribution(self._sentences[number].tokens, found.who, found.cue, found.method, found.confidence)

    def _attribution(
        self,
        tokens: Sequence[Token],
        who: Phrase,
        cue: tuple[int, int] | None,
        method: SpeakerMethod,
        confidence: float,
    ) -> Attribution:
        at = None if cue is None else _stretch(tokens, *cue)
        span = _stretch(tokens, who.first, who.last)
        if who.name is not None:
            name = _stretch(tokens, *who.name)
            known = self._named.by_name(*name, who.gender)
            if known.is_ambiguous:
                return Attribution(name, at, SpeakerMethod.AMBIGUOUS)
            role = None if who.role is None else role_words(self._text, tokens, who.role, self._order)
            self._named.spoke(name[0], known.entity_id)
            self._named.learn_gender(known.entity_id, who.gender)
            return Attribution(name, at, method, known.name, known.entity_id, role or known.role, confidence)
        if who.sort is Sort.PRONOUN:
            known_by = self._named.by_pronoun(span[0], who.gender)
            if known_by is None:
                return Attribution(span, at, SpeakerMethod.UNRESOLVED)
            self._named.spoke(span[0], known_by.entity_id)
            chance = min(confidence, WEAK if known_by.is_likeliest else LIKELY)
            return Attribution(span, at, method, known_by.name, known_by.entity_id, known_by.role, chance)
        if who.role is not None:
            role = role_words(self._text, tokens, who.role, self._order)
            known_by = self._named.by_role(span[0], who.head) if who.is_definite else None
            if known_by is not None:
                self._named.spoke(span[0], known_by.entity_id)
                return Attribution(span, at, method, known_by.name, known_by.entity_id, role, min(confidence, LIKELY))
            if who.is_definite:
                return Attribution(span, at, SpeakerMethod.UNRESOLVED, role=role)
            return Attribution(span, at, method, role=role, confidence=confidence)
        if who.sort is Sort.THING and method is not SpeakerMethod.ACCORDING_TO:
            confidence = min(confidence, FAIR)
        return Attribution(span, at, method, confidence=confidence)

    # --- indirect speech ---

    def indirect(self, number: int) -> Iterator[Reported]:
        """The reported clauses of a sentence, or the sentence itself where it goes on in the subjunctive."""
        sentence = self._sentences[number]
        tokens, order = sentence.tokens, self._order
        own = self._own.get(number)
        if own is None:
            last = self._last
            if last is not None and last[0] < number and self._is_free(number) and number - last[0] <= _BACK:
                stretch = self._tidied(number, 0, len(tokens))
                if stretch is not None:
                    yield Reported((stretch,), _carried(last[1], SpeakerMethod.SENTENCE_BEFORE, FAIR))
                    self._last = (number, last[1])
            return
        who, found = own
        if who.speaker is None:
            return
        for first, last_token in self._clauses(number, found):
            stretch = self._tidied(number, first, last_token)
            if stretch is not None:
                yield Reported((stretch,), _carried(who, who.method, LIKELY))
                return

    def _is_free(self, number: int) -> bool:
        """Whether a sentence is reported speech by its verb alone: in the subjunctive, its own main verb."""
        tokens = self._sentences[number].tokens
        if self._sentences[number].quotes or not self._order.subjunctive:
            return False
        main = [p for p in range(min(len(tokens), 14)) if tokens[p].lower in self._order.subjunctive]
        comma = next((p for p in range(len(tokens)) if tokens[p].text == ","), len(tokens))
        return bool(main) and (main[0] < comma or comma < 8)

    def _clauses(self, number: int, found: Found) -> Iterator[tuple[int, int]]:
        sentence = self._sentences[number]
        tokens, order = sentence.tokens, self._order
        end = len(tokens)
        if sentence.quotes and max(len(tokens[p].text.split()) for p in sentence.quotes) >= _MIN_WORDS:
            return
        if found.method is SpeakerMethod.ACCORDING_TO and found.who is not None and found.cue is not None:
            first = min(found.cue[0], found.who.first)
            if first <= 1:
                yield found.who.last, end
            else:
                yield 0, end
            return
        if found.cue is None:
            return
        verb = found.cue[0]
        behind = max(found.cue[1], found.who.last if found.who is not None else 0)
        that = next((p for p in range(behind, end) if tokens[p].lower in order.that), None)
        if that is not None and that <= behind + 25:
            yield that, end
            return
        if found.method in {SpeakerMethod.CUE_CLOSING, SpeakerMethod.CUE_AFTER}:
            yield 0, verb
            return
        mark = next((p for p in range(behind, end) if tokens[p].text in {",", ":"}), None)
        if mark is not None and (tokens[mark].text == ":" or self._reports(tokens[mark + 1 :])):
            yield mark + 1, end

    def _reports(self, tokens: Sequence[Token]) -> bool:
        subjunctive = any(token.lower in self._order.subjunctive for token in tokens)
        return subjunctive or (self._order.verb_second and any(t.lower == "zu" for t in tokens[-4:]))

    def _tidied(self, number: int, first: int, last: int) -> tuple[int, int] | None:
        tokens = self._sentences[number].tokens
        while first < last and not tokens[first].is_word and tokens[first].quote is None:
            first += 1
        while last > first and not tokens[last - 1].is_word and tokens[last - 1].quote is None:
            last -= 1
        if last - first < _MIN_WORDS:
            return None
        return tokens[first].start, tokens[last - 1].end


def _carried(who: Attribution, method: SpeakerMethod, at_most: float) -> Attribution:
    if who.confidence is None:
        return who
    return replace(who, method=method, confidence=min(CONFIDENCE[method], who.confidence, at_most))


def _stretch(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """The (start, end) in the text of the tokens [first, last)."""
    return tokens[first].start, tokens[last - 1].end
