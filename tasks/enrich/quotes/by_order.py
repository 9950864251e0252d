"""Speakers by the order of words, for languages whose rules read no parse.

A frame decides: quotation, verb, somebody ("...", sagte Merkel); somebody, verb, colon; a source ("laut Merkel"). What
no frame ties to a speaker goes on from the words around it, or has none. Nobody is named on a guess.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.clauses import Clauses, Found
from newsmill.tasks.enrich.quotes.marks import QuotedSpan
from newsmill.tasks.enrich.quotes.named import Named
from newsmill.tasks.enrich.quotes.order_cues import OrderedCues
from newsmill.tasks.enrich.quotes.phrases import Phrase, Sort, role_words
from newsmill.tasks.enrich.quotes.sentences import Sentence, Token, sentences_of
from newsmill.tasks.enrich.quotes.speakers import CONFIDENCE, FAIR, LIKELY, SURE, WEAK, Attribution

_HEADING_WORDS = 8
_ENDS = frozenset(".!?…,")
_MIN_WORDS = 4
_BACK = 3
"""Sentences of the reporter's own between two quotations of one speaker."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Indirect speech: the stretches of the text, and whose they are."""

    segments: tuple[tuple[int, int], ...]
    who: Attribution


def attribute_by_order(
    text: str, spans: Sequence[QuotedSpan], named: Named, order: WordOrder
) -> tuple[list[Attribution], list[Reported]]:
    """One attribution for each quoted span, and the indirect speech, each in order of text."""
    sentences = sentences_of(text, spans, order)
    whose: dict[int, Attribution] = {}
    reported: list[Reported] = []
    reader = _Reader(text, sentences, named, order)
    for number, sentence in enumerate(sentences):
        for place, who in reader.read(number):
            quote = sentence.tokens[place].quote
            if quote is not None:
                whose[quote] = who
        reported += reader.indirect(number)
    return [whose.get(n, Attribution.none(SpeakerMethod.NO_CUE)) for n in range(len(spans))], reported


class _Reader:
    """Reads the sentences of an article in order, and remembers who spoke last."""

    def __init__(self, text: str, sentences: Sequence[Sentence], named: Named, order: WordOrder) -> None:
        self._text = text
        self._sentences = sentences
        self._named = named
        self._order = order
        self._clauses = Clauses(named, order)
        self._cues = OrderedCues(text, sentences, self._clauses, order)
        self._last: tuple[int, Attribution] | None = None
        """The sentence that speaks last, and who speaks in it."""
        self._own: dict[int, tuple[Attribution, Found]] = {}

    def read(self, number: int) -> Iterator[tuple[int, Attribution]]:
        """The place and attribution of each quotation of a sentence."""
        sentence = self._sentences[number]
        founds = {place: self._cues.cue_of(number, place) for place in sentence.quotes}
        shared = next((found for found in founds.values() if found is not None and found.who is not None), None)
        for place in sentence.quotes:
            found = founds[place]
            if found is None and shared is not None and len(sentence.tokens[place].text.split()) >= _MIN_WORDS:
                found = shared._replace(method=SpeakerMethod.SAME_PARAGRAPH, confidence=min(shared.confidence, LIKELY))
            who = None if found is None else self._resolved(number, found)
            if who is None:
                who = self._uncued(number, place)
            if who.speaker is not None:
                self._last = (number, who)
                if found is not None:
                    self._own[number] = (who, found)
            yield place, who
        if not sentence.quotes:
            self._listen(number)

    def _listen(self, number: int) -> None:
        """Keep who speaks in a sentence without quotations; forget who spoke where another person acts in it."""
        sentence = self._sentences[number]
        found = self._cues.governing(number, len(sentence.tokens), beside=False) or self._cues.source(number)
        who = None if found is None else self._resolved(number, found)
        if found is not None and who is not None:
            if who.speaker is not None:
                self._own[number] = (who, found)
                self._last = (number, who)
        elif not self._is_subjunctive(sentence) and self._acts_another(number):
            self._last = None

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
        subject = self._clauses.first_subject(tokens, place)
        if subject is None or self._clauses.is_common(tokens, subject) or len(tokens[place].text.split()) < _MIN_WORDS:
            return Attribution.none(SpeakerMethod.NO_CUE)
        if not any(token.lower in order.loose for token in tokens[:place] if token.quote is None):
            return Attribution.none(SpeakerMethod.NO_CUE)
        if subject.sort not in {Sort.PERSON, Sort.PRONOUN} or (subject.gender is None and subject.sort is Sort.PRONOUN):
            return Attribution.none(SpeakerMethod.NO_CUE)
        return self._attribution(tokens, subject, None, SpeakerMethod.VERB_BEFORE, WEAK)

    def _bare(self, number: int) -> Attribution:
        """Whoever spoke right before a quotation that is a sentence of its own."""
        sentence = self._sentences[number]
        if self._is_heading(sentence):
            return Attribution.none(SpeakerMethod.NO_CUE)
        if self._last is not None:
            before, who = self._last
            paragraph = self._sentences[before].paragraph
            between = self._sentences[before + 1 : number]
            if paragraph == sentence.paragraph and number - before <= _BACK:
                method = (
                    SpeakerMethod.SAME_PARAGRAPH if self._sentences[before].quotes else SpeakerMethod.SENTENCE_BEFORE
                )
                return _carried(who, method, SURE if not between else FAIR)
            if before == number - 1 and sentence.paragraph == paragraph + 1:
                method = SpeakerMethod.CONTINUATION if self._sentences[before].quotes else SpeakerMethod.LEAD_CUE
                return _carried(who, method, FAIR)
        if number > 0 and self._sentences[number - 1].paragraph >= sentence.paragraph - 1:
            lead = self._sentences[number - 1]
            subject = self._clauses.first_subject(lead.tokens, len(lead.tokens))
            if (
                not lead.quotes
                and subject is not None
                and not self._clauses.is_common(lead.tokens, subject)
                and subject.sort in {Sort.PERSON, Sort.PRONOUN}
            ):
                same = lead.paragraph == sentence.paragraph
                method = SpeakerMethod.SENTENCE_BEFORE if same else SpeakerMethod.LEAD
                return self._attribution(lead.tokens, subject, None, method, FAIR if same else WEAK)
        return Attribution.none(SpeakerMethod.NO_CUE)

    def _is_heading(self, sentence: Sentence) -> bool:
        """Whether a few words in marks are all of their paragraph and nothing ends them."""
        alone = [token for token in sentence.tokens if token.quote is None]
        *_, last = sentence.tokens
        few = len(last.text.split()) <= _HEADING_WORDS
        line = self._text[: sentence.tokens[0].start].endswith("\n") and self._text[last.end :][:1] in {"\n", ""}
        return not alone and few and line and last.text.rstrip('“”»«"’‘')[-1:] not in _ENDS

    def _acts_another(self, number: int) -> bool:
        """Whether a sentence between speaks of another person than who spoke last."""
        if self._last is None:
            return False
        tokens = self._sentences[number].tokens
        subject = self._clauses.first_subject(tokens, len(tokens))
        if subject is None or subject.name is None:
            return False
        return self._attribution(tokens, subject, None, SpeakerMethod.LEAD, FAIR).name != self._last[1].name

    def _is_subjunctive(self, sentence: Sentence) -> bool:
        return any(token.lower in self._order.subjunctive for token in sentence.tokens if token.quote is None)

    def _resolved(self, number: int, found: Found) -> Attribution | None:
        """Who a cue says speaks; None where it goes on with whoever spoke last, and nobody did."""
        tokens = found.tokens or self._sentences[number].tokens
        if found.method is SpeakerMethod.CONTINUATION:
            if self._last is None or number - self._last[0] > _BACK:
                return None
            return _carried(self._last[1], found.method, found.confidence)
        if found.who is None:
            return Attribution(None, None if found.cue is None else _stretch(tokens, *found.cue), found.method)
        if self._clauses.is_common(tokens, found.who, found):
            return Attribution.none(SpeakerMethod.NO_CUE)
        return self._attribution(tokens, found.who, found.cue, found.method, found.confidence)

    def _attribution(
        self,
        tokens: Sequence[Token],
        who: Phrase,
        cue: tuple[int, int] | None,
        method: SpeakerMethod,
        confidence: float,
    ) -> Attribution:
        """The attribution to a noun phrase, with the name and identity of whom it stands for."""
        at = None if cue is None else _stretch(tokens, *cue)
        span = _stretch(tokens, who.first, who.last)
        if who.name is not None:
            name = _stretch(tokens, *who.name)
            is_unknown = self._clauses.is_unknown(tokens, who)
            known = self._named.by_name(*name, who.gender)
            if known.is_ambiguous:
                return Attribution(name, at, SpeakerMethod.AMBIGUOUS)
            role = None if who.role is None else role_words(self._text, tokens, who.role, self._order)
            self._named.spoke(name[0], known.entity_id)
            self._named.learn_gender(known.entity_id, who.gender)
            is_unknown = is_unknown and known.name == self._text[slice(*name)]
            confidence = min(confidence, LIKELY if is_unknown else SURE)
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
            known_by = (
                self._named.by_role(span[0], who.head, self._complement(tokens, who)) if who.is_definite else None
            )
            if known_by is not None:
                self._named.spoke(span[0], known_by.entity_id)
                return Attribution(span, at, method, known_by.name, known_by.entity_id, role, min(confidence, LIKELY))
            self._named.spoke(span[0], None)
            if who.is_definite:
                return Attribution(span, at, SpeakerMethod.UNRESOLVED, role=role)
            return Attribution(span, at, method, role=role, confidence=confidence)
        if who.sort is Sort.THING and method is not SpeakerMethod.ACCORDING_TO:
            confidence = min(confidence, FAIR)
        return Attribution(span, at, method, confidence=confidence)

    def _complement(self, tokens: Sequence[Token], who: Phrase) -> str:
        """What a preposition or a genitive adds to a role: "of health"; an adjective adds nothing that tells."""
        role = who.role or (who.first, who.last)
        behind = tokens[role[1] : who.last]
        tells = bool(behind) and behind[0].lower in self._order.extending
        return self._text[behind[0].start : behind[-1].end] if tells else ""

    def indirect(self, number: int) -> Iterator[Reported]:
        """The reported clauses of a sentence, or the sentence itself where it goes on in the subjunctive."""
        tokens = self._sentences[number].tokens
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
        for first, last_token in self._reported_in(number, found):
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

    def _reported_in(self, number: int, found: Found) -> Iterator[tuple[int, int]]:
        """The tokens of what a cue reports in a sentence without long quotations."""
        if found.tokens is not None:
            return
        sentence = self._sentences[number]
        tokens, order = sentence.tokens, self._order
        end = len(tokens)
        if sentence.quotes and max(len(tokens[p].text.split()) for p in sentence.quotes) >= _MIN_WORDS:
            return
        if found.method is SpeakerMethod.ACCORDING_TO and found.who is not None and found.cue is not None:
            first = min(found.cue[0], found.who.first)
            yield (found.who.last, end) if first <= 1 else (0, end)
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
