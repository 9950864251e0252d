"""Hard passages, one difficulty each: which words are reported, and whose they are."""

import pytest

from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts

LAVROV = "Sergey Lavrov"
MERKEL = "Angela Merkel"

PASSAGES = {
    "name_verb": ("“The talks were long,” Sergey Lavrov said.", [("The talks were long,", LAVROV)]),
    "verb_name": ("“The talks were long,” said Sergey Lavrov on Monday.", [("The talks were long,", LAVROV)]),
    "told_reporters": (
        "“The talks were long and hard,” Sergey Lavrov told reporters in Moscow.",
        [("The talks were long and hard,", LAVROV)],
    ),
    "cue_before_with_comma": ("Angela Merkel said, “The talks were long.”", [("The talks were long.", MERKEL)]),
    "cue_before_with_colon": (
        "Angela Merkel was blunt on Monday: “We need another way.”",
        [("We need another way.", MERKEL)],
    ),
    "role_and_name_behind": (
        "“We are ready for the winter,” said German Chancellor Angela Merkel.",
        [("We are ready for the winter,", MERKEL)],
    ),
    "apposition_before_verb": (
        "“We are ready for the winter,” Angela Merkel, who has led the country since 2005, told the newspaper.",
        [("We are ready for the winter,", MERKEL)],
    ),
    "description_with_name": (
        "“Nobody was hurt in the fire,” a spokeswoman, Anna White, said.",
        [("Nobody was hurt in the fire,", "Anna White")],
    ),
    "split_by_cue": (
        "“The talks,” Angela Merkel said, “were long and hard.”",
        [("The talks,” Angela Merkel said, “were long and hard.", MERKEL)],
    ),
    "goes_on_behind_cue": (
        "“The talks were long,” Angela Merkel said. “They will go on next week.”",
        [("The talks were long,", MERKEL), ("They will go on next week.", MERKEL)],
    ),
    "question": ("“Who will pay for all of it?” asked Angela Merkel.", [("Who will pay for all of it?", MERKEL)]),
    "titles_of_songs": (
        "“Harbour Lights” – Angela Merkel\nProducer: Scott Hill\n“Some of Them” – Sergey Lavrov",
        [],
    ),
    "question_that_is_answered": (
        "Angela Merkel took part. When she was asked, “Will you wait for years?” Merkel responded: “We will decide.”",
        [("Will you wait for years?", None), ("We will decide.", MERKEL)],
    ),
    "verb_that_opens_the_sentence": (
        "It rained. Said Angela Merkel, who grew up in the north, “The talks were long.”",
        [("The talks were long.", MERKEL)],
    ),
    "label_with_party_and_no_space": (
        'Rep. Ann Weber (R-S.C.):"I have not heard of it from anybody else."',
        [("I have not heard of it from anybody else.", "Ann Weber")],
    ),
    "behind_a_bracket_and_a_participle": (
        "Sen. Ann K. Weber (D-Ohio), noting the size of Merkel's following, said, “It is a long list.”",
        [("It is a long list.", "Ann K. Weber")],
    ),
    "who_another_called": (
        "The crowd turned on Ann Weber, who Sergey Lavrov on Monday called “a danger to everybody.”",
        [("a danger to everybody.", LAVROV)],
    ),
    "possessive_and_noun_of_speech": (
        "The plan recalled Angela Merkel's “nobody will ever lose a job” promise to the miners.",
        [("nobody will ever lose a job", MERKEL)],
    ),
    "claim_of_another": (
        "Angela Merkel dismissed Sergey Lavrov's claim that “the river never floods in spring” as nonsense.",
        [("the river never floods in spring", LAVROV)],
    ),
    "denial_before_an_explanation": (
        "Angela Merkel denied the rumours, explaining that she was “taking a day off in the hills” on Monday.",
        [("taking a day off in the hills", MERKEL)],
    ),
    "wants_to_know": (
        "Angela Merkel wanted to know: “How long will the talks go on?”",
        [("How long will the talks go on?", MERKEL)],
    ),
    "calls_are_no_verb": (
        "Angela Merkel said Lavrov had been deaf to calls for a truce and that “the talks will go on without him.”",
        [("the talks will go on without him.", MERKEL)],
    ),
    "paper_before_who_speaks": (
        "In words printed in the Daily Record, Merkel said it was “beyond any hope.” “So be it,” Angela Merkel said.",
        [("beyond any hope.", MERKEL), ("So be it,", MERKEL)],
    ),
    "show_of_a_star": ("“Night is the New Day” star Angela Merkel opened up about her worries.", []),
    "show_that_somebody_hosts": (
        "Angela Merkel hosts a talk show, writes a weekly column and leads “Europe with Angela” on the radio.",
        [],
    ),
    "according_to": (
        "The bridge is “beyond any hope of repair,” according to Angela Merkel.",
        [("beyond any hope of repair,", MERKEL)],
    ),
    "mixed": (
        "Angela Merkel called the bridge “a danger to everybody” on Monday.",
        [("a danger to everybody", MERKEL)],
    ),
    "mixed_under_that": (
        "Angela Merkel said on Monday that the bridge was “a danger to everybody who uses it.”",
        [("a danger to everybody who uses it.", MERKEL)],
    ),
    "participle": (
        "Angela Merkel left the meeting early, saying it was “a waste of everybody's time.”",
        [("a waste of everybody's time.", MERKEL)],
    ),
    "clause_at_the_end": (
        "The bridge is “a danger to everybody” and has to go, Angela Merkel said.",
        [("a danger to everybody", MERKEL)],
    ),
    "outer_speaker": (
        "Bob Smith “would have no chance at all,” Angela Merkel recalled.",
        [("would have no chance at all,", MERKEL)],
    ),
    "he": (
        "Sergey Lavrov arrived in Ankara on Monday.\n“The talks were long and hard,” he said.",
        [("The talks were long and hard,", LAVROV)],
    ),
    "she_not_he": (
        "Angela Merkel met Sergey Lavrov in Berlin. “The talks were long and hard,” she said.",
        [("The talks were long and hard,", MERKEL)],
    ),
    "he_who_reported": (
        "Vladimir Putin and Emmanuel Macron spoke by phone, Sergey Lavrov said.\n“The talks were detailed,” he added.",
        [("The talks were detailed,", LAVROV)],
    ),
    "he_not_one_of_a_list": (
        (
            "The plan is fair, according to Sergey Lavrov.\nVladimir Putin, Emmanuel Macron and Boris Johnson meet.\n"
            "“We need to be quick about it,” he said."
        ),
        [("We need to be quick about it,", LAVROV)],
    ),
    "he_after_somebody_else": (
        "Vladimir Putin came home on Monday.\nAnalysts say that little will change.\n“It was a long week,” he said.",
        [("It was a long week,", None)],
    ),
    "surname": (
        "Russian Foreign Minister Sergey Lavrov was in Ankara.\n“The talks were long,” Lavrov said.",
        [("The talks were long,", LAVROV)],
    ),
    "the_minister": (
        (
            "Turkish foreign minister Mevlüt Çavuşoğlu met Russian foreign minister Sergey Lavrov.\n"
            "The sanctions were “an act of aggression,” the Turkish minister said."
        ),
        [("an act of aggression,", "Mevlüt Çavuşoğlu")],
    ),
    "the_alliance": (
        "NATO met on Friday.\n“We call on them to stop at once,” the alliance said.",
        [("We call on them to stop at once,", "NATO")],
    ),
    "the_ministry": (
        "Turkey's foreign ministry reacted on Monday.\n“We wish them all the best,” the ministry said.",
        [("We wish them all the best,", "Turkey's foreign ministry")],
    ),
    "bare_role": (
        "Russian Foreign Minister Sergey Lavrov left.\nRussian foreign minister said: “The talks were long and hard.”",
        [("The talks were long and hard.", LAVROV)],
    ),
    "unknown_person": (
        "“It was a long and cold night,” a resident said.",
        [("It was a long and cold night,", None)],
    ),
    "paragraph_of_its_own": (
        "“The talks were long and hard,” Sergey Lavrov said.\n“They will go on next week, and then we shall see.”",
        [("The talks were long and hard,", LAVROV), ("They will go on next week, and then we shall see.", LAVROV)],
    ),
    "led_up_to": (
        "Angela Merkel then spoke about the bridge:\n“It is a danger to everybody who uses it.”",
        [("It is a danger to everybody who uses it.", MERKEL)],
    ),
    "full_stop_outside": (
        "Angela Merkel said the next meeting would be in May.\n“The alliance counts on its members”.",
        [("The alliance counts on its members", None)],
    ),
    "no_cue": ("It rained all day.\n“Keep off the grass at all times.”", [("Keep off the grass at all times.", None)]),
    "paragraphs": (
        "Angela Merkel said: “The talks were long.\n\n“They were hard.\n\n“They will go on.”",
        [("The talks were long.\n\n“They were hard.\n\n“They will go on.", MERKEL)],
    ),
    "swapped_marks": (
        "Sergey Shoygu spoke on Monday. “But we find solutions, “Shoygu said on air.",
        [("But we find solutions,", "Sergey Shoygu")],
    ),
    "space_before_closing_mark": (
        "Sergey Shoygu spoke on Monday. “There were many reasons for it “, he underlined.",
        [("There were many reasons for it", "Sergey Shoygu")],
    ),
    "machine_translated_verb": (
        "Sergey Shoygu spoke on Monday.\n“Some are ready and others are not,” a- he said.",
        [("Some are ready and others are not,", "Sergey Shoygu")],
    ),
    "dateline": (
        "LONDON (Reuters) - Angela Merkel called the bridge “a danger to everybody” on Monday.",
        [("a danger to everybody", MERKEL)],
    ),
    "transcript": ("Angela Merkel (Berlin): “I have never said that.”", [("I have never said that.", MERKEL)]),
    "nested": (
        "“He told me ‘go away’ and I did,” said Angela Merkel.",
        [("He told me ‘go away’ and I did,", MERKEL)],
    ),
    "statement_by": (
        "Her office put out a statement saying the bridge was “a danger to everybody who uses it.”",
        [("a danger to everybody who uses it.", None)],
    ),
    "and_within_an_apposition": (
        "“We get out more than we put in,” Angela Merkel, a fellow of the institute, and author of the study, said.",
        [("We get out more than we put in,", MERKEL)],
    ),
    "told_to_whom_a_clause_describes": (
        "Angela Merkel told a woman who suggested a ban that “nothing of the kind will happen here”.",
        [("nothing of the kind will happen here", MERKEL)],
    ),
    "nickname": ("Joseph “Joe” Smith opened the shop at noon.", []),
    "title_of_a_work": ("They watched “Gone With the Wind” at home.", []),
    "titled": ("Angela Merkel wrote a book titled “The Long Way Home to Berlin” last year.", []),
    "scare_quotes": ("The “new” bridge is old.", []),
}


@pytest.mark.parametrize(("text", "expected"), PASSAGES.values(), ids=PASSAGES.keys())
def test_speaker(model: LanguageModel, text: str, expected: list[tuple[str, str | None]]) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert expected == [(quote.text, quote.speaker_name) for quote in enriched.quotes if quote.kind != "indirect"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The talks were long,” Angela Merkel said.", QuoteKind.DIRECT),
        ("Angela Merkel said, “the talks were long and hard.”", QuoteKind.DIRECT),
        ("Angela Merkel called it “a danger to everybody” today.", QuoteKind.MIXED),
    ],
)
def test_kind(model: LanguageModel, text: str, kind: QuoteKind) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert [kind] == [quote.kind for quote in enriched.quotes]


def test_evidence(model: LanguageModel) -> None:
    text = "Turkish foreign minister Mevlüt Çavuşoğlu spoke.\n“We will not give up,” he said on Monday."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = enriched.quotes

    assert (quote.speaker_text, quote.cue, quote.method) == ("he", "said", "cue_after")
    assert quote.speaker_role == "Turkish foreign minister"
    assert quote.speaker_entity_id in {entity.entity_id for entity in enriched.entities}
    assert (quote.speaker_start, quote.speaker_end) == (text.index(" he said") + 1, text.index(" said on"))


def test_segments(model: LanguageModel) -> None:
    text = "“The talks,” Angela Merkel said, “were long and hard.”"
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = enriched.quotes

    assert [text[part.start : part.end] for part in quote.segments] == ["The talks,", "were long and hard."]


@pytest.mark.parametrize(
    ("text", "speaker", "role"),
    [
        ("It rained.\n“The winter was long and cold,” he said.", "he", None),
        ("It rained.\nIt said the winter would be “long and very cold” again.", "It", None),
        ("It rained.\n“The winter was long and cold,” the mayor said.", "the mayor", "mayor"),
        ("It rained.\n“The winter was long,” Turkey's defence chief said.", "Turkey's defence chief", None),
        ("It rained.\n“The winter was long and cold,” the company said.", "the company", None),
        (
            "It rained.\n“The winter was long and cold,” the Ruritanian foreign minister said.",
            "the Ruritanian foreign minister",
            "Ruritanian foreign minister",
        ),
    ],
)
def test_whom_the_article_does_not_tell_has_no_name(
    model: LanguageModel, text: str, speaker: str, role: str | None
) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = (quote for quote in enriched.quotes if quote.kind != "indirect")

    assert (quote.speaker_text, quote.speaker_name, quote.speaker_entity_id) == (speaker, None, None)
    assert (quote.method, quote.confidence) == (SpeakerMethod.UNRESOLVED, None)
    assert quote.speaker_role == (role or (speaker if "chief" in speaker else None))


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Anna Weber said it was cold.\n“The winter was long and cold,” she said.", 0.98),
        ("Anna Weber spoke on Monday.\n“The winter was long and cold,” she said.", 0.98),
        ("Anna Weber spoke on Monday, far from Maria Roth.\n“The winter was long and cold,” she said.", 0.75),
        ("It was the day on which everybody in the whole town met Anna Weber.\n“The winter was long,” she said.", 0.75),
        ("Anna Weber said it was cold.\nClara Roth's mother froze.\n“The winter was long and cold,” she said.", 0.75),
        ("Anna Weber said it was cold.\nThe town has one lake.\n“The winter was long and cold,” she said.", 0.75),
        ("Anna Weber should “be more careful about her statements to us”, she said.", 0.75),
        ("Anna Weber said it was cold.\nShe has one lake.\n“The winter was long and cold,” she said.", 0.98),
        ("Anna Weber said it was cold. It got colder, Peter Roth says.\n“The winter was long,” she said.", 0.75),
    ],
)
def test_a_pronoun_is_as_sure_as_whom_it_stands_for(model: LanguageModel, text: str, confidence: float) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = (quote for quote in enriched.quotes if quote.kind != "indirect")

    assert (quote.speaker_text, quote.speaker_name, quote.confidence) == ("she", "Anna Weber", confidence)


def test_who_shrugs_words_off_has_hardly_said_them(model: LanguageModel) -> None:
    text = "John Smith shrugged off the criticism and “the noise of the past weeks” on Monday."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    (quote,) = enriched.quotes
    assert (quote.method, quote.confidence) == (SpeakerMethod.VERB_BEFORE, 0.75)


def test_a_verb_behind_its_subject_is_not_that_of_the_name_behind_it(model: LanguageModel) -> None:
    text = "The actor Michael Orth recalled Tom Sand as a kind man. “He was like a father to us,” he said."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    (quote,) = enriched.quotes
    assert quote.speaker_name == "Michael Orth"


def test_the_pronouns_behind_a_name_tell_more_than_its_given_name(model: LanguageModel) -> None:
    text = (
        "Ali Morvan runs the clinic.\nMorvan says her days are long.\nMorvan told her staff on Monday to rest.\n"
        "“We have to sleep more than that,” she said."
    )
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    (quote,) = (quote for quote in enriched.quotes if quote.kind != "indirect")
    assert quote.speaker_name == "Ali Morvan"


def test_it_is_less_sure_for_a_body_that_has_not_spoken(model: LanguageModel) -> None:
    text = "The Federal Statistical Office counts users.\nIt said that the app was “as good as a teacher” for them."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    (quote,) = enriched.quotes
    assert (quote.speaker_name, quote.confidence) == ("Federal Statistical Office", 0.75)


def test_somebody_unnamed_is_all_that_is_told(model: LanguageModel) -> None:
    (enriched,) = enrich_texts(
        model, [("0" * 16, "It rained.\n“It was a long and cold night,” a resident said.", "en")]
    )
    (quote,) = enriched.quotes

    assert (quote.speaker_text, quote.speaker_name, quote.speaker_role) == ("a resident", None, "resident")
    assert (quote.method, quote.confidence) == (SpeakerMethod.CUE_AFTER, 0.98)


def test_a_ministry_called_after_its_country_is_a_body(model: LanguageModel) -> None:
    text = "Turkey's defence ministry said it would send more soldiers.\nIt said they were already in Baku."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    bodies = [entity for entity in enriched.entities if entity.label == "ORG"]

    assert [(body.text, body.start) for body in bodies] == [("Turkey's defence ministry", 0)]
    assert [(quote.speaker_text, quote.speaker_entity_id) for quote in enriched.quotes] == [
        ("Turkey's defence ministry", bodies[0].entity_id),
        ("It", bodies[0].entity_id),
    ]


@pytest.mark.parametrize(
    ("clause", "speaker"),
    [
        ("the editorial read.", "the editorial"),
        ("a voice-over in the ad states.", "a voice-over"),
        ("one person tweeted.", "one person"),
        ("the 43-year-old asked in a video.", "the 43-year-old"),
    ],
)
def test_a_noun_speaks_whatever_the_tagger_makes_of_its_verb(model: LanguageModel, clause: str, speaker: str) -> None:
    text = f"It rained.\n“If they want us to come, will they send a boat?” {clause}"
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = enriched.quotes

    assert (quote.speaker_text, quote.method) == (speaker, SpeakerMethod.CUE_AFTER)


def test_a_minister_of_another_country_is_less_sure(model: LanguageModel) -> None:
    text = "President Angela Merkel flew out. The Mexican president said that the pact was “good for everybody in it.”"
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert all((quote.confidence or 0) < 0.9 for quote in enriched.quotes)


@pytest.mark.parametrize(
    ("who", "confidence"), [("The keeper", 0.98), ("A resident", 0.98), ("A surfer", 0.98), ("The deadlock", 0.75)]
)
def test_what_nobody_would_take_for_a_speaker_is_less_sure(model: LanguageModel, who: str, confidence: float) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, f"{who} said it was “a winter of long nights.”", "en")])

    assert [(quote.speaker_text, quote.confidence) for quote in enriched.quotes] == [(who, confidence)]


@pytest.mark.parametrize(("verb", "confidence"), [("said", 0.98), ("confessed", 0.89)])
def test_a_verb_that_mostly_does_something_else_is_less_sure(
    model: LanguageModel, verb: str, confidence: float
) -> None:
    text = f"“It was a long and cold night in the hills,” Anna Weber {verb}."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    (quote,) = enriched.quotes

    assert (quote.speaker_name, quote.method, quote.confidence) == ("Anna Weber", SpeakerMethod.CUE_AFTER, confidence)


def test_unattributed_has_reason_and_no_confidence(model: LanguageModel) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, "It rained.\n“Keep off the grass at all times.”", "en")])
    (quote,) = enriched.quotes

    assert (quote.method, quote.confidence, quote.speaker_text) == ("no_cue", None, None)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Anna Weber, who has run the harbour since May, said the plan was “bad for the town.”", 0.98),
        ("Anna Weber has told reporters that the plan was “bad for the town.”", 0.98),
        ("Anna Weber stood up and said the plan was “bad for the town.”", 0.98),
        ("Much has to change in what Anna Weber called “a bad plan for the town.”", 0.98),
        ("The paper said Anna Weber had called the plan “bad for the town.”", 0.89),
        ("Anna Weber, who runs the harbour, said the same thing – “it is bad for the town” – and left.", 0.89),
        ("According to the Courier, Anna Weber, who runs the harbour, said the plan was “bad for the town.”", 0.89),
        ("Anna Weber left the hall, warning that the plan was “bad for the town.”", 0.89),
    ],
    ids=["clause_between", "perfect", "second_verb", "wording", "relayed", "has_an_object", "outlet", "not_finite"],
)
def test_a_verb_of_speech_with_its_own_subject_is_sure(model: LanguageModel, text: str, confidence: float) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    quotes = [quote for quote in enriched.quotes if quote.kind is not QuoteKind.INDIRECT]
    assert [(quote.speaker_name, quote.confidence) for quote in quotes] == [("Anna Weber", confidence)]


def test_a_surname_that_is_taken_for_a_place_is_its_bearer(model: LanguageModel) -> None:
    text = "Pete Madry coaches the side in Madrid. “We play there on Sunday and we will win,” Madry said."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    assert [(quote.speaker_text, quote.speaker_name) for quote in enriched.quotes] == [("Madry", "Pete Madry")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Dale Roe wrote three books: “The long road home”, “Rivers of glass and fire” and “A house by the sea”.",
            None,
        ),
        ("Dale Roe said of his books: “I have forgotten them all.”", "Dale Roe"),
    ],
    ids=["list", "said_about_them"],
)
def test_nobody_says_a_list_of_works(model: LanguageModel, text: str, name: str | None) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    assert {quote.speaker_name for quote in enriched.quotes} == {name}


def test_who_is_said_to_cite_places_does_not_describe_them(model: LanguageModel) -> None:
    text = "Dale Roe wrote of towns. The places he cited are “full of empty shops and streets,” the Courier reported."
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])
    assert [quote.speaker_name for quote in enriched.quotes] == ["Courier"]
