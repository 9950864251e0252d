"""Turns: words without quotation marks whose layout says who speaks, and layouts that only look so."""

import pytest

from newsmill.schemas.words import QuoteKind, SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts

TOLD: dict[str, tuple[str, dict[str, str | None]]] = {
    "questions_and_answers": (
        (
            "The Gazette spoke with beekeeper Nora Feld about the winter.\n\nQ: How many hives did you lose?\n\n"
            "A: I lost eleven of my thirty.\n\nIt was the damp, not the cold.\n\nQ: Will you go on?\n\nA: I must."
        ),
        {"I lost eleven": "Nora Feld", "I must.": "Nora Feld", "How many hives": None},
    ),
    "capitals_and_an_outlet": (
        "Nora Feld keeps bees in Hallow.\n\nGAZETTE: Why did you begin?\n\nFELD: I was given a hive by my aunt.",
        {"I was given a hive": "Nora Feld"},
    ),
    "names_with_titles": (
        (
            "Councillor Ida Brandt and the engineer Paul Reyes met on Monday.\n\nCLLR BRANDT: Who signed this?\n\n"
            "MR. REYES: I did, on the Friday.\n\nCLLR BRANDT: And who paid you?\n\nMR. REYES: Nobody has, yet."
        ),
        {"Who signed this?": "Ida Brandt", "I did, on the Friday.": "Paul Reyes", "Nobody has, yet.": "Paul Reyes"},
    ),
    "names_as_written": (
        (
            "Ida Brandt: You never told us about the crack.\nPaul Reyes: I told the board in March.\n"
            "Ida Brandt: We have no record of it."
        ),
        {"You never told us": "Ida Brandt", "I told the board": "Paul Reyes", "We have no record": "Ida Brandt"},
    ),
    "names_on_lines_of_their_own": (
        (
            "Ida Brandt\n\nYou never told us about the crack.\n\nPaul Reyes\n\nI told the board in March.\n\n"
            "Ida Brandt\n\nWe have no record of it."
        ),
        {"You never told us": "Ida Brandt", "I told the board": "Paul Reyes"},
    ),
    "readers_in_bullets": (
        (
            "We asked readers about the bus.\n\n- Ann Hall, 34, nurse: I will miss the last one home.\n"
            "- Tom Berg, 61, farmer: My wife cannot drive.\n- Rita Sand, 19, student: I walk already."
        ),
        {"I will miss the last one": "Ann Hall", "My wife cannot drive": "Tom Berg", "I walk already": "Rita Sand"},
    ),
    "readers_who_sign": (
        (
            "We asked readers about the bus.\n\nI will miss the last one home. — Ann Hall, nurse\n\n"
            "My wife cannot drive. — Tom Berg, Hallow"
        ),
        {"I will miss the last one": "Ann Hall", "My wife cannot drive": "Tom Berg"},
    ),
    "post_with_its_handle": (
        "The race is off.\n\nSorry to all who trained for it. See you in May.\n\n— Rita Sand (@ritasand) 4 March 2026",
        {"Sorry to all who trained for it. See you in May.": "Rita Sand"},
    ),
    "post_in_one_line": (
        "The race is off.\n\nSorry to all who trained. pic.twitter.com/Zz1 — Rita Sand (@ritasand) March 4, 2026",
        {"Sorry to all who trained.": "Rita Sand"},
    ),
    "dialogue_with_dashes": (
        "It was soon over.\n\n— Who opened the gate?\n\n— I opened it myself, the keeper Tom Berg replied.",
        {"Who opened the gate?": None, "I opened it myself,": "Tom Berg"},
    ),
    "questions_without_labels": (
        (
            "Nora Feld has kept bees for thirty years. We met her in Hallow.\n\nHow many hives did you lose?\n\n"
            "I lost eleven of my thirty.\n\nDo you feed them sugar?\n\nNever. My aunt would rise from her grave.\n\n"
            "Will you go on?\n\nI must, for the orchard."
        ),
        {"I lost eleven": "Nora Feld", "Never. My aunt": "Nora Feld", "I must, for": "Nora Feld"},
    ),
    "two_people_are_met": (
        (
            "Nora Feld and Hugo Lenz keep bees.\n\nQ: How many hives did you lose?\n\nA: I lost eleven.\n\n"
            "Q: Will you go on?\n\nA: I must."
        ),
        {"I lost eleven.": None},
    ),
    "two_of_the_name": (
        (
            "Ida Brandt and her brother Karl Brandt own the mill. Paul Reyes repairs it.\n\nREYES: Who signed this?\n\n"
            "BRANDT: I did not sign it.\n\nREYES: Your name is on it."
        ),
        {"I did not sign it.": None, "Your name is on it.": "Paul Reyes"},
    ),
}

NO_TURNS = {
    "credits": "The film opens in May.\n\nDirector: Ida Brandt\nProducer: Paul Reyes\nMusic: Nora Feld",
    "ingredients": "A soup.\n\nINGREDIENTS: Two leeks, salt.\n\nMETHOD: Boil them.\n\nSERVES: Four of us.",
    "a_note": "The council met.\n\nNote: You can read the minutes below.\n\nNOTE: I was not there.",
    "press_advisory": "WHO: Mayor Ida Brandt\nWHAT: A walk\nWHEN: Monday at noon\nWHERE: The old mill",
    "results": "BRANDT: 6-4, 6-2\nREYES: 4-6, 2-6\nBRANDT: won in 58 minutes",
    "player_ratings": (
        "Ida Brandt: 7. Solid at the back.\nNora Feld: 6. Lost the ball too often.\nRita Sand: 8. Scored twice."
    ),
    "agenda": "Monday: The board meets at noon.\nTuesday: The mayor speaks.\nWednesday: The mill opens.",
    "myths": "MYTH: You must pay at once.\n\nFACT: You have a month.\n\nMYTH: I cannot appeal.\n\nFACT: You can.",
    "questions_that_the_paper_answers": (
        "The tax is new.\n\nQ: Who pays it?\n\nA: Owners of two houses pay it.\n\nQ: When?\n\nA: From May on."
    ),
    "headings_that_ask": (
        "The tax is new.\n\nWho has to pay?\n\nOwners of two houses.\n\nWhen do you pay?\n\nFrom May on.\n\n"
        "Where do you pay?\n\nAt the town hall."
    ),
    "bullets": "What to ask yourself:\n\n- Do you need a car?\n- Is there a bus?\n- We list the fares below.",
    "one_label": "Brandt: We are ready\n\nThe mayor spoke on Monday in the old mill of Hallow.",
    "briefs_of_reporters": (
        "It ended 2-2. — Ida Brandt\n\nThe road is closed until May. — Paul Reyes\n\nThe fair is off. — Nora Feld"
    ),
}


@pytest.mark.parametrize(("text", "speakers"), TOLD.values(), ids=TOLD)
def test_turns_are_found_with_their_speakers(text: str, speakers: dict[str, str | None], model: LanguageModel) -> None:
    (found,) = enrich_texts(model, [("0" * 16, text, "en")])
    turns = [quote for quote in found.quotes if quote.kind is QuoteKind.TURN]

    for words, speaker in speakers.items():
        quote = next((turn for turn in turns if turn.text.startswith(words)), None)
        assert quote is not None, f"no turn begins with {words!r}: {[turn.text for turn in turns]}"
        assert quote.speaker_name == speaker
        assert text[quote.start : quote.end] == quote.text
        assert (quote.confidence is None) == (speaker is None)


@pytest.mark.parametrize("text", NO_TURNS.values(), ids=NO_TURNS)
def test_lists_with_labels_are_no_turns(text: str, model: LanguageModel) -> None:
    (found,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert [quote.text for quote in found.quotes if quote.kind is QuoteKind.TURN] == []


def test_a_turn_goes_on_to_the_next_label(model: LanguageModel) -> None:
    text = TOLD["questions_and_answers"][0]
    (found,) = enrich_texts(model, [("0" * 16, text, "en")])
    answer = next(quote for quote in found.quotes if quote.text.startswith("I lost eleven"))

    assert [text[part.start : part.end] for part in answer.segments] == [
        "I lost eleven of my thirty.",
        "It was the damp, not the cold.",
    ]
    assert answer.method is SpeakerMethod.TRANSCRIPT


def test_words_in_marks_stay_quotations(model: LanguageModel) -> None:
    text = "Ida Brandt met Paul Reyes.\n\nBRANDT: “Who signed this paper?”\n\nREYES: “I did, on the Friday.”"
    (found,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert [(quote.kind, quote.speaker_name) for quote in found.quotes] == [
        (QuoteKind.DIRECT, "Ida Brandt"),
        (QuoteKind.DIRECT, "Paul Reyes"),
    ]


def test_a_letter_is_no_speaker(model: LanguageModel) -> None:
    (found,) = enrich_texts(model, [("0" * 16, TOLD["two_people_are_met"][0], "en")])

    assert {(quote.speaker_text, quote.method) for quote in found.quotes} == {(None, SpeakerMethod.NO_CUE)}
