"""What ties a quotation to its speaker by the order of words: a verb behind or ahead, a source, a colon."""

import re
from collections.abc import Sequence

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich.languages.language import WordOrder
from newsmill.tasks.enrich.quotes.clauses import STOPS, Clauses, Found
from newsmill.tasks.enrich.quotes.phrases import Phrase, Sort, is_body, phrase_at
from newsmill.tasks.enrich.quotes.sentences import Sentence, Token, tokens_of
from newsmill.tasks.enrich.quotes.speakers import FAIR, LIKELY, SURE

_SKIPPED = frozenset({",", "-", "–", "—", "―", ")", "…"})
_STOPS_INSIDE = frozenset(".!?…")
_LONGEST_BRACKET = 40
_LONGEST_NAME = 4
_MOST_COMMAS = 3
"""Commas up to the end of a clause with an apposition."""
_FRAGMENT = 4
"""Words of quoted words that are too few to be what somebody says by themselves."""
_MARKS = "„“”»«›‹‚‘’\"' "


class OrderedCues:
    """The cues of the sentences of an article."""

    def __init__(self, text: str, sentences: Sequence[Sentence], clauses: Clauses, order: WordOrder) -> None:
        self._text = text
        self._sentences = sentences
        self._clauses = clauses
        self._order = order

    def _names_a_thing(self, number: int, place: int) -> bool:
        """Whether words in marks are the name of what the noun before them says: the film "..."."""
        tokens, order = self._sentences[number].tokens, self._order
        if place == 0 or tokens[place - 1].quote is not None:
            return False
        if self._is_listed(tokens, place):
            return True
        before, behind = tokens[place - 1], tokens[place + 1] if place + 1 < len(tokens) else None
        if order.nouns_have_capitals and self._is_called(tokens, place):
            return True
        if before.lower.endswith(order.naming) and before.is_word:
            quoted = tokens[place].text.strip(_MARKS)
            return not quoted[:1].islower() or len(quoted.split()) < _FRAGMENT  # in dem Gesetz „kein Hindernis für ...“
        small = order.determiners | order.oblique | order.prepositions | order.joining
        *_, last = words = tokens[place].text.strip(_MARKS).split() or [""]
        if not all(word[0].isupper() or word.lower() in small for word in words if word):
            return False
        if before.text == "(":  # Korig (»Jungle World« 35/2023)
            return 0 < len(words) <= _LONGEST_NAME and behind is not None and behind.text not in _STOPS_INSIDE
        if before.lower in order.determiners and (place == 1 or (behind is not None and behind.text == "(")):
            return True
        definite = before.lower in (order.determiners | order.oblique) - order.indefinite
        return definite and words == [word for word in words if word[0].isupper()] and is_body(last.lower(), order)

    def _is_listed(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether words in marks are one of several works: drei Romane: „...“, „...“ und „...“."""
        first = place
        while first > 1 and (tokens[first - 1].text == "," or tokens[first - 1].lower in self._order.joining):
            if tokens[first - 2].quote is None:
                break
            first -= 2
        ahead = first - 1
        if ahead > 0 and tokens[ahead].text == ":":
            if tokens[first].text.rstrip(_MARKS)[-1:] in _STOPS_INSIDE:
                return False  # sagte über seine Romane: „Die habe ich vergessen.“
            ahead -= 1
        return ahead >= 0 and tokens[ahead].lower in self._order.works

    def _is_called(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a participle behind words in marks says that something is called so: der „...“ genannte Einsatz."""
        at, _ = _place_behind(tokens, place)
        return at < len(tokens) and tokens[at].lower.startswith("genannt") and tokens[at].lower != "genannt"

    def cue_of(self, number: int, place: int) -> Found | None:
        """What ties the quotation at a place of a sentence to a speaker; None where nothing of the sentence does."""
        if self._names_a_thing(number, place):
            return Found(None, None, SpeakerMethod.NO_CUE, LIKELY)
        found = self._behind(number, place)
        if found is not None and found.method is SpeakerMethod.CUE_AFTER and self._is_fragment(number, place):
            governing = self.governing(number, place, beside=False)  # Scholz spricht vom „...“, fordern Aktivisten
            found = found if governing is None or governing.who is None else governing
        found = found or self._passive(number, place) or self._within(number, place)
        return found or self._with_words(number, place) or self._around(number, place)

    def _is_fragment(self, number: int, place: int) -> bool:
        """Whether quoted words are but a few behind a preposition, part of a clause of the reporter's."""
        tokens, order = self._sentences[number].tokens, self._order
        ahead = place - 1 - (place > 1 and tokens[place - 1].lower in order.oblique)
        few = len(tokens[place].text.split()) < _FRAGMENT
        return few and ahead > 0 and tokens[ahead].lower in order.prepositions and order.verb_second

    def _around(self, number: int, place: int) -> Found | None:
        """A cue ahead of a quotation, or one that closes its sentence."""
        tokens = self._sentences[number].tokens
        source = self.source(number)
        ahead = tokens[place - 1].text if place > 0 else ""
        if ahead == "(" and place > 1:
            return self._bracketed(number, place)
        if ahead == ":":
            told = self._as_told(number)
            if told is not None and told.cue == (place - 2, place - 1):
                return told  # Wie Merkel vor der Wahl sagte: „...“
            governing = self.governing(number, place, beside=True)
            if governing is not None and self._introduces(tokens, place, governing):
                return governing._replace(confidence=SURE)
            return governing or source or self._labelled(number, place)
        closing = self._closing(number, place)
        if closing is not None:
            return closing
        governing = self.governing(number, place, beside=False)
        if source is None and governing is not None and self._introduces(tokens, place, governing):
            return governing._replace(confidence=SURE)
        return source if source is not None and (governing is None or source.cue is None) else governing or source

    def _introduces(self, tokens: Sequence[Token], place: int, found: Found) -> bool:
        """Whether a name and its verb of speech, side by side, are all that reports a quotation behind them."""
        order, who, cue = self._order, found.who, found.cue
        if found.method is not SpeakerMethod.CUE_BEFORE or who is None or who.name is None or cue is None:
            return False
        if who.role is None and who.name[0] != who.first:
            return False  # beschreibt das FBI Jan Ahlers als „...“
        beside = self._clauses.past_fillers(tokens, who.last) == cue[0]
        if not beside and self._clauses.past_fillers(tokens, cue[1]) != who.first:
            return False
        told = tokens[cue[0]].lower
        between = {token.lower for token in tokens[cue[1] : place] if token.quote is None}
        reports = told in order.plain or (told in order.auxiliaries and not between.isdisjoint(order.participles))
        if not reports or told in order.cited or order.plural.fullmatch(told) or ";" in between:
            return False
        if tokens[place - 1].text == ":":
            return between.isdisjoint((order.loose | order.auxiliaries) - order.participles)
        return between.isdisjoint(order.plain) and len(tokens[place].text.split()) >= _FRAGMENT

    def _with_words(self, number: int, place: int) -> Found | None:
        """ "With the words": whoever is cited so, or is the subject of the sentence."""
        tokens = self._sentences[number].tokens
        if not self._order.in_words.search(self._text, max(0, tokens[place].start - 40), tokens[place].start):
            return None
        cited = next((p for p in range(place) if tokens[p].lower in self._order.cited), None)
        if cited is not None:
            return self._cited(number, cited, place)
        who = self._clauses.first_subject(tokens, place) or self._clauses.first_subject(tokens, len(tokens))
        return None if who is None else Found(who, (place - 1, place), SpeakerMethod.CUE_BEFORE, LIKELY)

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
        at, bracketed = _place_behind(tokens, place)
        if at >= len(tokens) or tokens[at].quote is not None:
            return self._announced(number)
        so = order.verb_second and tokens[at].lower == "so" and at + 1 < len(tokens)
        impersonal = order.impersonal.match(self._text, tokens[at + so].start)
        if impersonal:
            return self._at_offset(number, impersonal.end(), (at, at + 1), SpeakerMethod.CUE_AFTER, LIKELY)
        while at + 1 < len(tokens) and tokens[at].lower in order.reflexives:
            at += 1
        led = at > place + 1 or self._text[tokens[place].end - 2 : tokens[place].end - 1] in ",!?.…–-"
        found = self._verb_behind(number, at, SURE if led and not bracketed else LIKELY, led=led)
        if found is not None:
            return found
        if so and tokens[at + 1].lower in order.loose:
            return self._cued(number, at + 1, SpeakerMethod.CUE_AFTER, SURE)
        source = self._source_at(number, at) if led or not so else None
        if source is not None and led and source.who is not None and source.who.name is not None:
            return source._replace(confidence=SURE)
        if source is not None or not led or order.verb_second:
            return source
        phrase = phrase_at(tokens, at, order)
        if phrase is None or not phrase.is_subject:
            return None
        verb = self._clauses.past_fillers(tokens, phrase.last)
        if verb < len(tokens) and tokens[verb].lower in order.plain | order.auxiliaries:
            return self._stated(number, phrase, (verb, verb + 1), SpeakerMethod.CUE_AFTER, SURE)
        return None

    def _verb_behind(self, number: int, at: int, sure: float, *, led: bool) -> Found | None:
        """The verb at a place behind a quotation with its subject; ``led`` where a mark leads up to it."""
        tokens, order = self._sentences[number].tokens, self._order
        word, following = tokens[at].lower, tokens[at + 1].lower if at + 1 < len(tokens) else ""
        inverted = order.inverted.fullmatch(word)
        if inverted:
            return self._inverted(number, at, inverted, sure)
        if word in order.cited:
            return self._cited(number, at, len(tokens))
        if word in order.passives and any(token.lower in order.cited for token in tokens[at:]):
            who = self._clauses.subject_after(tokens, at + 1, len(tokens))
            return None if who is None else Found(who, (at, at + 1), SpeakerMethod.CUE_AFTER, LIKELY)
        if order.verb_second and word in order.loose and following == "es":
            return Found(None, (at, at + 1), SpeakerMethod.NO_CUE, LIKELY)
        if word in (order.loose if led else order.plain):
            return self._cued(number, at, SpeakerMethod.CUE_AFTER, sure)
        if word in order.auxiliaries and (led or following in order.participles):
            return self._with_participle(number, at, SpeakerMethod.CUE_AFTER, sure)
        return None

    def _within(self, number: int, place: int) -> Found | None:
        """A cue within the marks: « Le pont, explique le maire, ferme. »"""
        quoted, order = self._sentences[number].tokens[place], self._order
        if not order.parenthetical:
            return None
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
            return Found(who, (verb, verb + 1 + helped), SpeakerMethod.CUE_AFTER, LIKELY, tokens)
        return None

    def _announced(self, number: int) -> Found | None:
        """A sentence behind that says whose it was: "..." Das sagte Merkel."""
        order = self._order
        if not order.verb_second or number + 1 >= len(self._sentences):
            return None
        tokens = self._sentences[number + 1].tokens
        if len(tokens) < 3 or tokens[0].lower not in {"das", "dies", "so"}:
            return None
        if tokens[1].lower not in order.plain | order.auxiliaries:
            return None
        end = next((p for p, token in enumerate(tokens) if token.text in STOPS or token.quote is not None), len(tokens))
        verb = tokens[1].lower in order.plain or any(t.lower in order.participles for t in tokens[2:end])
        subject = self._clauses.subject_after(tokens, 2, end) if verb else None
        if subject is None or not subject.is_somebody:
            return None
        return Found(subject, (1, 2), SpeakerMethod.CUE_AFTER, LIKELY, tokens)

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

    def _cued(self, number: int, verb: int, method: SpeakerMethod, confidence: float) -> Found | None:
        """The subject behind a verb, with the verb as its cue."""
        tokens = self._sentences[number].tokens
        subject = self._clauses.subject_after(tokens, verb + 1, len(tokens))
        if subject is None:
            return self._dropped(number, (verb, verb + 1))
        return self._stated(number, subject, (verb, verb + 1), method, confidence)

    def _with_participle(self, number: int, auxiliary: int, method: SpeakerMethod, confidence: float) -> Found | None:
        """The same of a verb in two words: hat Merkel gesagt, a déclaré le maire."""
        tokens, order = self._sentences[number].tokens, self._order
        behind = range(auxiliary + 1, len(tokens))
        limit = next((p for p in behind if tokens[p].quote is not None or tokens[p].text in STOPS), len(tokens))
        part = next((p for p in range(auxiliary + 1, limit) if tokens[p].lower in order.participles), None)
        if part is None:
            return None
        subject = self._clauses.subject_after(tokens, auxiliary + 1, part) if part > auxiliary + 1 else None
        subject = subject or (None if order.verb_second else self._clauses.subject_after(tokens, part + 1, limit))
        if subject is None:
            return self._dropped(number, (auxiliary, part + 1))
        return self._stated(number, subject, (part, part + 1), method, confidence)

    def _dropped(self, number: int, cue: tuple[int, int]) -> Found | None:
        """A verb without a subject, in a language that leaves the pronoun out: whoever spoke last."""
        tokens = self._sentences[number].tokens
        if not self._order.drops_subject or self._clauses.is_supposed(tokens, cue[0], cue[0]):
            return None
        if self._order.plural.fullmatch(tokens[cue[0]].lower):
            return Found(None, cue, SpeakerMethod.NO_CUE, FAIR)
        return Found(None, cue, SpeakerMethod.CONTINUATION, FAIR)

    def _stated(
        self, number: int, who: Phrase, cue: tuple[int, int], method: SpeakerMethod, confidence: float
    ) -> Found:
        tokens = self._sentences[number].tokens
        sure = tokens[who.first].lower in self._order.determiners and tokens[cue[0]].lower in self._order.surest
        acts = self._order.nouns_have_capitals and self._order.agent_endings.fullmatch(who.head) is not None
        acts = acts and tokens[who.first].lower in self._order.determiners  # der 23-jährige Sportler
        if who.sort is Sort.THING and who.head not in self._order.speaking and not sure and not acts:
            return Found(None, cue, SpeakerMethod.NO_CUE, confidence)
        if self._clauses.is_supposed(tokens, cue[0], who.first):
            return Found(None, cue, SpeakerMethod.SUPPOSED, confidence)
        return Found(who, cue, method, confidence)

    def governing(self, number: int, place: int, *, beside: bool) -> Found | None:
        """A reporting verb ahead of a quotation or of a reported clause, with its subject."""
        tokens, order = self._sentences[number].tokens, self._order
        told = None if beside else self._as_told(number)
        if told is not None:
            return told
        start = max((p + 1 for p in range(place) if tokens[p].text == ";"), default=0)
        for verb in range(place - 1, start - 1, -1):
            token = tokens[verb]
            if token.quote is not None or (token.is_capital and verb > start and tokens[verb - 1].is_word):
                continue
            if verb + 1 < place and tokens[verb + 1].lower in order.passives:
                continue  # a été nommé « ... »
            plain = token.lower in order.plain or (beside and token.lower in order.loose)
            if plain or (token.lower in order.auxiliaries and self._participle_near(tokens, verb)):
                found = self._governed(number, verb, (start, place), beside=beside)
                if found is not None:
                    return found
        return None

    def _governed(self, number: int, verb: int, bounds: tuple[int, int], *, beside: bool) -> Found | None:
        """The subject of a reporting verb ahead, within the tokens of the bounds."""
        tokens, order = self._sentences[number].tokens, self._order
        start, place = bounds
        impersonal = order.impersonal.match(self._text, tokens[verb].start)
        if impersonal:
            found = self._at_offset(number, impersonal.end(), (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
            return found or self._in_document(number, verb)
        if order.verb_second and verb + 1 < len(tokens) and tokens[verb + 1].lower == "es":
            return self._in_document(number, verb) or Found(None, (verb, verb + 1), SpeakerMethod.NO_CUE, LIKELY)
        cited = self._cited(number, verb, place) if order.verb_second and tokens[verb].lower in order.cited else None
        if cited is not None:
            return cited
        finite = self._helper_of(tokens, verb, start)
        subject = self._clauses.subject_of(tokens, finite, start, place, beside=beside)
        if subject is None:
            opens = finite == start or tokens[finite - 1].text in {",", "y", "et"}
            return self._dropped(number, (finite, finite + 1)) if opens else None
        if subject.sort is Sort.THING and tokens[verb].lower not in order.plain:
            return None
        if subject.sort is Sort.PRONOUN and subject.head == "der":
            return None
        return self._stated(number, subject, (finite, finite + 1), SpeakerMethod.CUE_BEFORE, LIKELY)

    def _helper_of(self, tokens: Sequence[Token], verb: int, start: int) -> int:
        """The auxiliary of a participle that ends its clause: hatte ... betont; or the verb itself."""
        order = self._order
        closes = verb + 1 >= len(tokens) or not tokens[verb + 1].is_word
        if not order.verb_second or not closes or tokens[verb].lower not in order.participles:
            return verb
        helper = next((p for p in range(verb - 1, start - 1, -1) if tokens[p].lower in order.auxiliaries), None)
        if helper is None or any(token.text in STOPS for token in tokens[helper:verb]):
            return verb
        return helper

    def _participle_near(self, tokens: Sequence[Token], verb: int) -> bool:
        """Whether a participle of speech belongs to an auxiliary."""
        limit = min(len(tokens), verb + 40)
        for at in range(verb + 1, limit):
            if tokens[at].text in STOPS:
                return False
            if tokens[at].lower in self._order.participles:
                return True
            if not self._order.verb_second and (tokens[at].text == "," or at > verb + 4):
                return False
        return False

    def _in_document(self, number: int, verb: int) -> Found | None:
        """ "In der Erklärung heißt es:": the document that the sentence opens with."""
        tokens, order = self._sentences[number].tokens, self._order
        for at in range(verb):
            if tokens[at].lower in order.prepositions and tokens[at].lower not in {"zu", "zur", "zum"}:
                inner = phrase_at(tokens, at + 1, order, 1)
                if inner is not None and inner.last <= verb and inner.sort is not Sort.PRONOUN:
                    return Found(inner, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
        return None

    def _as_told(self, number: int) -> Found | None:
        """ "Wie Merkel mitteilte, ...": a clause that ends with its verb."""
        tokens, order = self._sentences[number].tokens, self._order
        if not order.verb_second:
            return None
        for at in range(len(tokens) - 2):
            if tokens[at].lower != "wie" or not (at == 0 or tokens[at - 1].text == ","):
                continue
            ends = [p for p in range(at + 1, len(tokens)) if tokens[p].text in {",", ".", ":"}] or [len(tokens)]
            for end in ends[:_MOST_COMMAS]:  # Wie der Richter, Udo Pohl, ausführte, ...
                subject = self._clauses.subject_after(tokens, at + 1, end)
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
                subject = self._clauses.subject_after(tokens, verb + 1, len(tokens))
                if subject is not None and subject.is_somebody:
                    return self._stated(number, subject, (verb, verb + 1), SpeakerMethod.CUE_CLOSING, SURE)
            if tokens[verb].lower in order.auxiliaries:
                found = self._with_participle(number, verb, SpeakerMethod.CUE_CLOSING, SURE)
                if found is not None:
                    return found
        return None

    def _labelled(self, number: int, place: int) -> Found | None:
        """A name or a whole sentence without a reporting verb, and a colon."""
        tokens, order = self._sentences[number].tokens, self._order
        if tokens[0].lower in order.supposing:
            return Found(None, None, SpeakerMethod.SUPPOSED, LIKELY)
        if (
            tokens[0].lower in order.quotation and place > 2 and tokens[1].lower in order.extending
        ):  # Zitat von Pohl: „...“
            who = phrase_at(tokens, 2, order, 1)
            if who is not None and who.is_somebody and who.last == place - 1:
                return Found(who, (0, 1), SpeakerMethod.COLON, LIKELY)
        start = 0
        while start < place and (tokens[start].text in {"•", "*", "-", "–"} or tokens[start].lower in order.fillers):
            start += 1
        phrase = phrase_at(tokens, start, order)
        if phrase is not None and phrase.is_subject and phrase.is_somebody:
            reaches = self._clauses.past_fillers(tokens, phrase.last) == place - 1
            if reaches:
                ends = tokens[place].text.rstrip(_MARKS)[-1:] in _STOPS_INSIDE
                sure = SURE if ends and phrase.name is not None else LIKELY
                return Found(phrase, (place - 1, place), SpeakerMethod.COLON, sure)
        subject = self._clauses.first_subject(tokens, place)
        if subject is None or not subject.is_somebody:
            return None
        return Found(subject, (place - 1, place), SpeakerMethod.COLON, FAIR)

    def _cited(self, number: int, verb: int, end: int) -> Found | None:
        """Whom an outlet cites: wird Merkel zitiert; zitiert die Zeitung den Minister."""
        tokens, order = self._sentences[number].tokens, self._order
        if any(token.lower in order.passives for token in tokens if token.quote is None):
            who = self._clauses.first_subject(tokens, len(tokens))
            return None if who is None else Found(who, (verb, verb + 1), SpeakerMethod.CUE_BEFORE, LIKELY)
        at, found = verb + 1, []
        while at < end and tokens[at].text not in STOPS:
            if tokens[at].lower in order.prepositions:
                break
            phrase = phrase_at(tokens, at, order)
            if phrase is not None:
                found.append(phrase)
            at = phrase.last if phrase is not None else at + 1
        if len(found) == 1:
            (only,) = found
            apart = only.name is not None and only.role is not None and verb + 1 < only.role[0]
            if not apart and only.is_subject and self._clauses.subject_before(tokens, verb, 0) is None:
                return None  # who cites, not who is cited
        return Found(found[-1], (verb, verb + 1), SpeakerMethod.CUE_AFTER, LIKELY) if found else None

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

    def source(self, number: int) -> Found | None:
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
        """A source that a preposition at a place gives: laut, selon, según."""
        tokens, order = self._sentences[number].tokens, self._order
        match = order.according.match(self._text, tokens[at].start) if tokens[at].is_word else None
        before = tokens[at - 1] if at > 0 else None
        if match is None or match.end() == match.start():
            return None
        bare = match.groupdict().get("bare") is not None
        if before is not None and before.quote is None and bare and before.text not in {",", "–", "—"}:
            return None
        for gender, group in (("he", "his"), ("she", "hers")):
            if match.groupdict().get(group):
                owner = Phrase(at, at + 1, tokens[at].lower, Sort.PRONOUN, None, None, True, True, gender)
                return Found(owner, (at, at + 2), SpeakerMethod.ACCORDING_TO, LIKELY)
        found = self._at_offset(number, match.end(), None, SpeakerMethod.ACCORDING_TO, LIKELY)
        who = None if found is None else found.who
        if found is None or who is None or (bare and not self._is_bare_source(tokens, at, who)):
            return None
        if who.sort is Sort.PRONOUN and who.head not in order.he | order.she:
            return None
        if who.sort is Sort.THING and not bare and match.groupdict().get("told") is None:
            return None
        cue_end = next((p for p in range(at, len(tokens)) if tokens[p].start >= match.end()), at + 1)
        return found._replace(cue=(at, cue_end))

    def _is_bare_source(self, tokens: Sequence[Token], at: int, who: Phrase) -> bool:
        """Whether "so" or "pour" gives a source: its clause ends there, and it is somebody or follows the words."""
        order = self._order
        following = tokens[who.last] if who.last < len(tokens) else None
        closes = following is None or not following.is_word or following.lower in order.fillers | order.prepositions
        behind = any(token.quote is not None for token in tokens[max(0, at - 2) : at])
        return closes and (who.is_somebody or (order.verb_second and behind and who.is_definite))

    def _at_offset(
        self, number: int, offset: int, cue: tuple[int, int] | None, method: SpeakerMethod, confidence: float
    ) -> Found | None:
        tokens = self._sentences[number].tokens
        at = next((place for place, token in enumerate(tokens) if token.start >= offset), None)
        who = None if at is None else phrase_at(tokens, at, self._order)
        return None if who is None else Found(who, cue, method, confidence)


def _place_behind(tokens: Sequence[Token], place: int) -> tuple[int, bool]:
    """Where the words go on behind a quotation and its marks, and whether a bracket stood between."""
    at = place + 1
    while at < len(tokens) and tokens[at].text in _SKIPPED:
        at += 1
    if at >= len(tokens) or tokens[at].text != "(":
        return at, False
    bracket = range(at, min(at + _LONGEST_BRACKET, len(tokens)))
    at = next((p for p in bracket if tokens[p].text == ")"), at) + 1
    while at < len(tokens) and tokens[at].text in _SKIPPED:
        at += 1
    return at, True
