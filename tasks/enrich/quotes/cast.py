"""The cast of an article: its people and bodies with their roles and gender, and who "he" or "the minister" is."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from newsmill.tasks.enrich.entities.countries import people_codes, place_label
from newsmill.tasks.enrich.entities.find import Mention
from newsmill.tasks.enrich.entities.gender import gender_of
from newsmill.tasks.enrich.entities.mentions import Doubt
from newsmill.tasks.enrich.entities.names import fold, is_full
from newsmill.tasks.enrich.languages.language import TURN, Lexicon

SPEAKERS = frozenset({"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC"})
"""Labels of mentions that can be a speaker."""

_WORDS_BACK = 8
_LEAD_CHARACTERS = 60
_SENTENCE_START = re.compile(r"[.!?]\s+|\n")
_PARAGRAPHS_BACK = 3
"""A pronoun's person is looked for in the paragraph and so many before it."""
_CHARACTERS_BACK = 4000
_LONGEST_PARAGRAPH, _PIECE = 1400, 500
"""Characters of a paragraph that is read in parts, as where an article is stored without line breaks, and of a part."""
_BESIDE = 3
"""Characters from the end of a quotation to the pronoun of its cue."""
_LEADS_INTO = re.compile(r"\s[^.!?:;,\n–—-]*\s")
"""Words of a sentence that goes on with quoted words."""
_SPOKEN_BACK = 50
_GOES_ON = 120
"""Characters behind a name in which the sentence may go on with "he" or "her"."""
_PEOPLE_BACK = 200
"""Mentions of people that are searched for the one a description fits."""
_NEXT_WORD = re.compile(r"\s([a-z]+)\b")
_FULL_STOP = re.compile(r"(?<=[a-z]{3})[.!?]\s")
_CALLED_BACK = 3000
"""Characters before a description in which the article may have said more of what it describes."""
_SIGNATURE = re.compile(r"\s*[-–—―]+\s*([A-ZÀ-Þ][\w’'.-]*(?:\s+[A-ZÀ-Þ][\w’'.-]*){0,4}?)(?:,[^\n]{1,80})?\.?\s*")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or some body that the article has named."""

    name: str
    entity_id: str | None
    label: str
    role: str | None
    is_likeliest: bool = False
    """Whether others could be meant as well, or nothing but being named there speaks for them."""
    is_ambiguous: bool = False
    """Whether the name is that of several people of the article, and nothing says which."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of several who speak together, with the offsets of the name."""

    name: str
    entity_id: str | None
    start: int
    end: int


class Cast:
    """Everybody the article names outside its quotations. ``spoke`` keeps who has been speaking."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        paragraphs: Sequence[tuple[int, int]],
        quoted: Sequence[tuple[int, int]],
        lexicon: Lexicon,
    ) -> None:
        self.lexicon = lexicon
        self._reference = lexicon.reference
        self._text = text
        self._paragraphs = paragraphs
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self._mentions = [m for m in mentions if m.label in SPEAKERS]
        self._starts = [m.start for m in self._mentions]
        self._people = [m for m in self._mentions if m.label == "PERSON"]
        self._people_starts = [m.start for m in self._people]
        self._roles: dict[str, list[str]] = {}
        self._genders: dict[str, str] = {}
        self._spoken: list[tuple[int, Known]] = []
        self._genders_by_use: dict[str, str | None] = {}
        for mention in self._people:
            self._learn(mention)

    # --- what the article says of its people ---

    def _learn(self, mention: Mention) -> None:
        roles = self._roles.setdefault(mention.entity_id, [])
        roles.extend(role for role in mention.roles if role not in roles)
        if mention.entity_id not in self._genders:
            gender = gender_of(self._text, mention, self.lexicon)
            if gender:
                self._genders[mention.entity_id] = gender

    def _names_anybody(self, start: int, end: int) -> bool:
        return bisect_left(self._people_starts, end) > bisect_left(self._people_starts, start)

    def mention_at(self, start: int, end: int) -> Mention | None:
        """The mention that overlaps a stretch of the text."""
        index = bisect_right(self._starts, start) - 1
        for mention in self._mentions[max(0, index) : index + 2]:
            if mention.start < end and start < mention.end:
                return mention
        return None

    def signature_behind(self, paragraph: int) -> tuple[int, int] | None:
        """The name that makes up the paragraph behind one, set off with a dash."""
        if paragraph + 1 >= len(self._paragraphs):
            return None
        match = _SIGNATURE.fullmatch(self._text, *self._paragraphs[paragraph + 1])
        return None if match is None else match.span(1)

    def turn_at(self, start: int) -> tuple[int, int] | None:
        """The name in capitals that a turn of a transcript starts with: "SMITH: No comment."."""
        match = TURN.match(self._text, start)
        return None if match is None else match.span(1)

    def turn_before(self, start: int) -> tuple[int, int] | None:
        """The name in capitals that opens the line of a quotation and stands right before it: SMITH: "No comment."."""
        line = self._text.rfind("\n", 0, start) + 1
        match = TURN.match(self._text, line, start)
        return None if match is None or self._text[match.end() : start].strip() else match.span(1)

    def called(self, start: int, end: int) -> Known | None:
        """Whom a name beside words stands for: the person there, the one of that surname or initials, or what is there.

        In capitals a surname may have been taken for a body.
        """
        mention = self.mention_at(start, end)
        if mention is not None and mention.label == "PERSON" and is_full(mention.key):
            return self.known(mention)
        key, written = fold(self._text[start:end]), self._text[start:end].replace(".", "").lower()
        full = {m.entity_id: m for m in reversed(self._people) if is_full(m.key)}
        people = [m for m in full.values() if key and key[-1] in m.key[1:]]
        people = people or [m for m in full.values() if written == "".join(part[0] for part in m.key)]
        if len(people) == 1:
            return self.known(people[0])
        if people:
            return replace(self.known(people[0]), is_ambiguous=True)
        return self.known(mention) if mention is not None and mention.end == end else None

    def full_name(self, start: int, end: int) -> str | None:
        """What stands at a place, if it is written as a given name and a surname."""
        parts = self._text[start:end].split()
        return " ".join(parts) if len(parts) > 1 and all(part.istitle() for part in parts) else None

    def known(self, mention: Mention) -> Known:
        """Who a mention is."""
        roles = self._roles.get(mention.entity_id)
        return Known(
            mention.name,
            mention.entity_id,
            mention.label,
            max(roles, key=len) if roles else None,
            is_likeliest=mention.doubt is Doubt.LIKELIEST,
            is_ambiguous=mention.doubt is Doubt.AMBIGUOUS,
        )

    def bearer(self, mention: Mention) -> Mention:
        """The person whose surname was taken for a place or a body: "Pete Madry ... Madry said"; else the mention."""
        if mention.label == "PERSON" or len(mention.key) != 1:
            return mention
        if mention.text == mention.name and place_label(mention.name) is not None:
            return mention  # Washington said
        word = fold(mention.text)
        bearers = {m.entity_id: m for m in reversed(self._people) if is_full(m.key) and m.key[-1:] == word}
        if len(bearers) != 1:
            return mention
        (person,) = bearers.values()
        return replace(person, text=mention.text, start=mention.start, end=mention.end)

    def together(self, mention: Mention) -> tuple[Speaker, ...]:
        """Those who speak with a person, in order of text: "A and B said", "said A, B and C"; none if one speaks alone.

        The whole list stands at the verb: "met A, and B said" and "said A and B laughed" have one speaker.
        """
        people = self._people
        first = last = next((i for i, m in enumerate(people) if m.start == mention.start), -1)
        if first < 0:
            return ()
        while first > 0 and self._reference.joined.fullmatch(self._text, people[first - 1].end, people[first].start):
            first -= 1
        while last + 1 < len(people) and self._reference.joined.fullmatch(
            self._text, people[last].end, people[last + 1].start
        ):
            last += 1
        group = people[first : last + 1]
        joints = [self._text[one.end : other.start] for one, other in pairwise(group)]
        is_list = (
            bool(joints)
            and self._reference.conjunction.match(joints[-1])
            and not any(self._reference.conjunction.match(joint) for joint in joints[:-1])
        )
        if not is_list or (len(group) == 2 and joints[0].startswith(",")) or any(m.doubt for m in group):
            return ()
        before = self._reference.list_opens.search(self._text, max(0, group[0].start - 60), group[0].start)
        behind = self._reference.list_says.match(self._text, group[-1].end)
        inverted = (
            before is not None and before.group("verb") and self._reference.list_ends.match(self._text, group[-1].end)
        )
        if not inverted and (before is None or behind is None):
            return ()
        return tuple(Speaker(m.name, m.entity_id, m.start, m.end) for m in group)

    def spoke(self, at: int, known: Known | None) -> None:
        """Remember who is said to speak at an offset."""
        if known is not None and known.entity_id is not None:
            self._spoken.append((at, known))

    # --- whom a word stands for ---

    def described(self, start: int, end: int, head: str) -> Known | None:
        """Who a pronoun or a description at (start, end) stands for; None where the article does not tell."""
        if head in self.lexicon.pronouns_he or head in self.lexicon.pronouns_she:
            return self._pronoun(start, "he" if head in self.lexicon.pronouns_he else "she")
        description = self._text[start:end]
        if head == "it":
            return self._last_body(start)
        definite = self._reference.definite.match(description)
        if head in self.lexicon.roles and (
            definite or (" " in description and not self._reference.indefinite.match(description))
        ):
            return self._by_role(start, description)
        if head in self.lexicon.body_nouns:
            return self._body(start, description, head) if definite else self._named_body(description)
        return None

    def unnamed(self, start: int, end: int, head: str) -> tuple[str | None, bool]:
        """The role that a description of nobody named gives, and whether it says all there is: "a spokesman" does.

        "He", "the minister" and "Turkey's defence chief" stand for somebody with a name that the article does not tell.
        """
        description = self._text[start:end]
        role = self._reference.determiner.sub("", description) if head in self.lexicon.roles else None
        if head in self.lexicon.pronouns:
            return None, False
        if head in self.lexicon.roles:
            return role, bool(self._reference.indefinite.match(description))
        return (
            None,
            head in self.lexicon.document_nouns
            or head not in self.lexicon.body_nouns
            or not self._reference.definite.match(description),
        )

    def _pronoun(self, at: int, pronoun: str) -> Known | None:
        known, stretches = self._antecedent(at, pronoun)
        if known is None or known.is_likeliest:
            return known
        between = stretches[:-1] or stretches
        return replace(
            known,
            is_likeliest=self._is_broken(stretches[1:-1], pronoun)
            or any(self._owns_there(first, last, pronoun, known) for first, last in between)
            or any(self._reports_since(first, last, known) for first, last in stretches)
            or self._is_quoted_of(at, known)
            or self._others_in_long(at, pronoun, known),
        )

    def _is_quoted_of(self, at: int, known: Known) -> bool:
        """Whether the quotation before a pronoun says something of the person: Smith should "be careful", he said."""
        index = bisect_left(self._quoted_starts, at) - 1
        if index < 0 or at - self._quoted[index][1] > _BESIDE:
            return False
        opens = self._quoted[index][0]
        ahead = self._mentions[: bisect_left(self._starts, opens)]
        mention = next((m for m in reversed(ahead) if m.label == "PERSON" and not self._is_quoted(m.start)), None)
        if mention is None or mention.entity_id != known.entity_id or self._reports(mention):
            return False
        return self._text[opens + 1 : opens + 2].islower() and bool(
            _LEADS_INTO.fullmatch(self._text, mention.end, opens)
        )

    def _owns_there(self, first: int, last: int, pronoun: str, known: Known) -> bool:
        """Whether a stretch has an owner who may be meant: Smith's future is open, but she said."""
        people = self._people_between(first, last)
        return any(self._is_owner(m) and self._fits(m, pronoun) and m.entity_id != known.entity_id for m in people)

    def _reports_since(self, first: int, last: int, known: Known) -> bool:
        """Whether somebody reports since who seems to be no "she", as given names may tell amiss: Ali Smith says."""
        people = self._people_between(first, last)
        latest = max((m.start for m in people if m.entity_id == known.entity_id), default=-1)
        return any(m.start > latest and m.entity_id != known.entity_id and self._reports(m) for m in people)

    def _is_broken(self, stretches: Sequence[tuple[int, int]], pronoun: str) -> bool:
        """Whether a paragraph between a pronoun and its person is about something else: it has no "he" or "his"."""
        pattern = self._reference.own_pronouns[pronoun]
        return any(
            all(self._is_quoted(match.start()) for match in pattern.finditer(self._text, first, last))
            for first, last in stretches
            if not self._is_quoted(first) or not self._is_quoted(max(first, last - 2))
        )

    def _others_in_long(self, at: int, pronoun: str, known: Known) -> bool:
        """Whether others of that gender are named behind the last name of somebody in a paragraph without breaks."""
        index = bisect_right(self._paragraphs, (at, len(self._text))) - 1
        start = self._paragraphs[index][0] if index >= 0 else at
        if index < 0 or self._paragraphs[index][1] - start <= _LONGEST_PARAGRAPH:
            return False
        start = max(start, at - _CHARACTERS_BACK)
        people = [m for m in self._people_between(start, at) if self._fits(m, pronoun)]
        last = max((m.start for m in people if m.entity_id == known.entity_id), default=start)
        return any(m.start > last and m.entity_id != known.entity_id for m in people)

    def _antecedent(self, at: int, pronoun: str) -> tuple[Known | None, list[tuple[int, int]]]:
        """Whom a pronoun stands for, and the stretches back to where they are named, the pronoun's own first."""
        stretches: list[tuple[int, int]] = []
        for first, last in self._stretches_back(at):
            stretches.append((first, last))
            found = self._named_in(first, last, pronoun)
            if found is not None:
                return found[0], stretches
            if last < at and self._others_speak(first, last, pronoun):
                break
        return None, stretches

    def _named_in(self, first: int, last: int, pronoun: str) -> tuple[Known | None] | None:
        """Whom a pronoun means by the stretch before it, nobody if "The coach" is not known; None if it has none."""
        speaker = next(
            (
                known
                for place, known in reversed(self._spoken[-_SPOKEN_BACK:])
                if first <= place < last and known.label == "PERSON"
            ),
            None,
        )
        people = [m for m in self._between(first, last) if self._may_be(m, pronoun)]
        reporting = [m for m in people if self._reports(m)]
        if reporting:
            return (self._unless_others_since(reporting[-1], people),)
        if speaker is not None and self._gender_of(speaker.entity_id or "", pronoun) == pronoun:
            others = any(m.entity_id != speaker.entity_id and self._leads_sentence(m) for m in people)
            return (replace(speaker, is_likeliest=speaker.is_likeliest or others),)
        leading = [m for m in people if self._leads_sentence(m)]
        named = {m.entity_id for m in people}
        described = None if leading else self._described_lead(first, last)
        if described is not None:
            return described
        if leading:
            return (replace(self.known(leading[-1]), is_likeliest=len(named) > 1 or self._is_oblique(leading[-1])),)
        return (replace(self.known(people[-1]), is_likeliest=True),) if len(named) == 1 else None

    def _described_lead(self, first: int, last: int) -> tuple[Known | None] | None:
        """Whom a stretch is about that calls them "The coach" and names nobody; None where it calls nobody so."""
        called = [
            m for m in self._reference.called.finditer(self._text, first, last) if not self._is_quoted(m.start(1))
        ]
        noun = called[-1].group(1).rsplit(None, 1)[-1].lower() if called else ""
        if noun not in self.lexicon.roles:
            return None
        known = self._by_role(called[-1].start(1), called[-1].group(1))
        return (None if known is None else replace(known, is_likeliest=True),)

    def _unless_others_since(self, reporter: Mention, people: Sequence[Mention]) -> Known:
        """Whom a pronoun means behind a reporter and people named since: the last, unless "he" acts beside them."""
        since = [m for m in people if m.start > reporter.start and m.entity_id != reporter.entity_id]
        if not since:
            return self.known(reporter)
        latest = since[-1]
        sentence = max(
            (m.end() for m in _SENTENCE_START.finditer(self._text, reporter.end, latest.start)), default=None
        )
        is_new = sentence is not None and not self._reference.subject_pronoun.search(self._text, sentence, latest.start)
        return replace(self.known(latest if is_new else reporter), is_likeliest=True)

    def _others_speak(self, first: int, last: int, pronoun: str) -> bool:
        """Whether a paragraph reports what anybody but "he" himself says, who need not be "he" behind it then."""
        return any(
            not self._is_quoted(match.start()) and (match.group(1) or "").lower() != pronoun
            for match in self._reference.says.finditer(self._text, first, last)
        )

    def _stretches_back(self, at: int) -> Iterator[tuple[int, int]]:
        """The paragraph up to an offset, then the paragraphs before it, the last first."""
        index = bisect_right(self._paragraphs, (at, len(self._text))) - 1
        if index < 0:
            return
        pieces = self._pieces(self._paragraphs[index][0], at)
        yield pieces[-1][0], at
        back = 0
        earlier = [p for start, end in self._paragraphs[max(0, index - 12) : index] for p in self._pieces(start, end)]
        for start, end in reversed([*earlier, *pieces[:-1]]):
            yield start, end
            back += not self._is_quoted(start) or not self._is_quoted(max(start, end - 2))
            if back >= _PARAGRAPHS_BACK:
                return

    def _pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """A paragraph as it is, or one too long to be of one piece cut at ends of sentences."""
        if end - start <= _LONGEST_PARAGRAPH:
            return [(start, end)]
        cuts = [start]
        for stop in _FULL_STOP.finditer(self._text, max(start, end - _CHARACTERS_BACK), end):
            if stop.end() - cuts[-1] >= _PIECE and end - stop.end() >= _PIECE // 2 and not self._is_quoted(stop.end()):
                cuts.append(stop.end())
        return list(pairwise([*cuts, end]))

    def _between(self, first: int, last: int) -> list[Mention]:
        """The people named in a stretch outside its quotations, one by one rather than in a list."""
        return [m for m in self._people_between(first, last) if not self._in_list(m)]

    def _people_between(self, first: int, last: int) -> list[Mention]:
        """The people named in a stretch outside its quotations; "the Smith campaign" names none."""
        low, high = bisect_left(self._people_starts, first), bisect_left(self._people_starts, last)
        return [
            m
            for m in self._people[low:high]
            if not self._is_quoted(m.start)
            and self._text[max(0, m.start - 4) : m.start].lower() != "the "
            and not m.text.lower().startswith("the ")
        ]

    def _is_quoted(self, at: int) -> bool:
        index = bisect_right(self._quoted_starts, at) - 1
        return index >= 0 and at < self._quoted[index][1]

    def _may_be(self, mention: Mention, pronoun: str) -> bool:
        return not self._is_owner(mention) and self._fits(mention, pronoun)

    def _is_owner(self, mention: Mention) -> bool:
        return self._text[mention.end : mention.end + 2] in {"'s", "’s"}

    def _fits(self, mention: Mention, pronoun: str) -> bool:
        return self._gender_of(mention.entity_id, pronoun) == pronoun

    def _gender_of(self, entity_id: str, otherwise: str) -> str:
        """The pronoun that the article goes on with behind a person's name, or else what is told of them elsewhere."""
        if entity_id not in self._genders_by_use:
            self._genders_by_use[entity_id] = self._used_of(entity_id)
        return self._genders_by_use[entity_id] or self._genders.get(entity_id, otherwise)

    def _used_of(self, entity_id: str) -> str | None:
        """The pronoun that the sentences led by a person's name go on with, three times to one and twice at least."""
        used = Counter(
            match.lastgroup
            for m in self._people
            if m.entity_id == entity_id and not self._is_quoted(m.start) and self._leads_sentence(m)
            for match in [self._reference.goes_on.match(self._text, m.end, m.end + _GOES_ON)]
            if match and not self._names_anybody(m.end, match.end()) and not self._is_quoted(match.end() - 1)
        )
        pronoun, count = next(iter(used.most_common(1)), (None, 0))
        return pronoun if count >= 2 and count >= 3 * (used.total() - count) else None

    def _in_list(self, mention: Mention) -> bool:
        """Whether another person is named right before or behind, joined by "and": they are not "he"."""
        index = bisect_left(self._people_starts, mention.start)
        for other in self._people[max(0, index - 1) : index + 2]:
            if other.start != mention.start:
                first, second = sorted((mention, other), key=lambda m: m.start)
                between = self._text[first.end : second.start]
                if self._text.startswith(("'s", "’s"), second.end):
                    continue  # Kamran Malik, Haris's elder brother
                if (
                    len(between) < 40
                    and self._reference.enumerated.fullmatch(between)
                    and not _FULL_STOP.search(between)
                ):
                    return True
        return False

    def _reports(self, mention: Mention) -> bool:
        """Whether a person stands at a reporting verb: "Smith said", "said Smith", "according to Smith"."""
        behind = self._reference.after_name.match(self._text, mention.end, mention.end + 130)
        if behind and behind.group(1).lower() in self._reference.holding:
            return True
        back = max(0, mention.start - 70)
        before = self._reference.before_name.search(self._text[back : mention.start])
        if before is None or not self._reference.name_ends.match(self._text, mention.end):
            return False
        verb = before.group(1)
        start = back + before.start()
        if verb is not None and self._reference.has_subject.search(self._text, max(0, start - 40), start):
            return False
        return verb is None or (verb in self._reference.telling and not verb.startswith(self._reference.commanding))

    def _leads_sentence(self, mention: Mention) -> bool:
        """Whether a person is the first one named in a sentence, near its start."""
        start = max(0, mention.start - _LEAD_CHARACTERS)
        ends = [match.end() for match in _SENTENCE_START.finditer(self._text, start, mention.start)]
        if not ends and start > 0:
            return False
        sentence = ends[-1] if ends else 0
        if self._names_anybody(sentence, mention.start):
            return False
        return len(self._text[sentence : mention.start].split()) <= _WORDS_BACK

    def _is_oblique(self, mention: Mention) -> bool:
        """Whether the first person named in a sentence may not be its subject: "in a talk with Smith"."""
        start = max(0, mention.start - _LEAD_CHARACTERS)
        ends = [match.end() for match in _SENTENCE_START.finditer(self._text, start, mention.start)]
        return self._reference.leading.fullmatch(self._text, ends[-1] if ends else start, mention.start) is None

    def _last_body(self, at: int) -> Known | None:
        for first, last in list(self._stretches_back(at))[:2]:
            speaker = next((k for place, k in reversed(self._spoken[-_SPOKEN_BACK:]) if first <= place < last), None)
            if speaker is not None:
                return speaker if speaker.label != "PERSON" else None
            low, high = bisect_left(self._starts, first), bisect_left(self._starts, last)
            bodies = [
                m
                for m in self._mentions[low:high]
                if m.label == "ORG" and self._leads_sentence(m) and not self._is_where_it_stands(m)
            ]
            if bodies:
                return replace(self.known(bodies[-1]), is_likeliest=True)
        return None

    def _is_where_it_stands(self, mention: Mention) -> bool:
        """Whether a body only says where a document is: "a Facebook post", which "it" stands for."""
        word = _NEXT_WORD.match(self._text, mention.end)
        return word is not None and word.group(1) in self.lexicon.document_nouns

    def _by_role(self, at: int, description: str) -> Known | None:
        """The latest person before an offset whose role agrees with a description."""
        wanted = {word for word in fold(description) if word not in self.lexicon.role_shapes.idle}
        index = bisect_left(self._people_starts, at)
        people = {m.entity_id: m for m in self._people[max(0, index - _PEOPLE_BACK) : index]}
        latest = sorted(people.values(), key=lambda m: -m.start)
        plain = {word for word in wanted if (word,) not in people_codes()}
        for said, is_plain in ((wanted, False), (plain, True)):  # "the Turkish minister" may be a "minister" before
            for mention in latest if said else ():
                for role in map(fold, self._roles[mention.entity_id]):
                    if said.issubset(role) and not (is_plain and any((word,) in people_codes() for word in role)):
                        known = self.known(mention)
                        return replace(known, is_likeliest=known.is_likeliest or said != wanted)
        return None

    def _body(self, at: int, description: str, head: str) -> Known | None:
        """The body that "the ministry", "the alliance" or "the company" is.

        One whose name has the word; else what the description names itself ("the UAE police"); else the body that spoke
        last, for the words that any body is called by; else what the article called so before ("a Dutch company").
        """
        index = bisect_left(self._starts, at)
        famous = self._reference.famous_bodies.get(head)
        before = self._mentions[max(0, index - 60) : index]
        for mention in reversed(before):
            named = fold(head)[0] in mention.key or (famous and mention.key == fold(famous))
            if mention.label == "ORG" and named:
                return self.known(mention)
        own = self._reference.definite.sub("", description, count=1)
        if own[:1].isupper():
            return Known(" ".join(own.split()), None, "ORG", None)
        spoke = self._last_body(at) if head in self.lexicon.any_body else None
        if spoke is not None:
            return replace(spoke, is_likeliest=True)
        calls = _calling(head)
        called = (calls.match(self._text, m.start, at) for m in reversed(before) if at - m.start < _CALLED_BACK)
        found = next((match for match in called if match and match.group(1) not in self.lexicon.no_adjectives), None)
        return None if found is None else Known(" ".join(found.group().split()), None, "ORG", None)

    def _named_body(self, description: str) -> Known | None:
        """A body that is called after somebody or some place: "Turkey's foreign ministry"."""
        if (
            not description[:1].isupper()
            or " " not in description
            or description.split(maxsplit=1)[0].lower() in self.lexicon.role_shapes.idle
        ):
            return None
        return Known(" ".join(description.split()), None, "ORG", None)


@cache
def _calling(noun: str) -> re.Pattern[str]:
    """A name and what it is called by a noun: "Beijing-based private company"."""
    return re.compile(rf"[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w’'-]*){{0,3}}(?:\s([a-z-]+))?\s{re.escape(noun)}\b")
