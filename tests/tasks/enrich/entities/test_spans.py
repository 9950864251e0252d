"""Single names: where they begin and end, and their label. The model's spans are made by hand."""

import pytest
import spacy
from spacy.tokens import Doc

from newsmill.tasks.enrich.entities.spans import clean_spans
from newsmill.tasks.enrich.languages.en.kinds import NAMING

_NLP = spacy.blank("en")


def _doc(text: str, span: str, label: str) -> Doc:
    doc = _NLP(text)
    start = text.index(span)
    found = doc.char_span(start, start + len(span), label=label, alignment_mode="expand")
    assert found is not None
    doc.ents = (found,)
    return doc


@pytest.mark.parametrize(
    ("text", "span", "label", "expected"),
    [
        pytest.param("a Superior Court sat", "a Superior Court", "ORG", [("Superior Court", "ORG")], id="article"),
        pytest.param("In the Gulf today", "In the Gulf", "LOC", [("Gulf", "LOC")], id="preposition"),
        pytest.param("Institute for", "Institute for", "ORG", [("Institute", "ORG")], id="small_words_behind"),
        pytest.param("pro-Moscow forces", "pro-Moscow", "GPE", [("Moscow", "GPE")], id="prefix"),
        pytest.param("the Modi-led bloc", "Modi-led", "PERSON", [("Modi", "PERSON")], id="suffix"),
        pytest.param("Kim Jong-un left", "Kim Jong-un", "PERSON", [("Kim Jong-un", "PERSON")], id="korean_name"),
        pytest.param("Gen Prawit left", "Gen Prawit", "ORG", [("Prawit", "PERSON")], id="honorific"),
        pytest.param("B S Yediyurappa left", "B S Yediyurappa", "ORG", [("B S Yediyurappa", "PERSON")], id="initials"),
        pytest.param("Angela Weiss left", "Angela Weiss", "ORG", [("Angela Weiss", "PERSON")], id="given_name"),
        pytest.param(
            "Labour Office (ILO) said",
            "Labour Office (ILO",
            "ORG",
            [("Labour Office", "ORG"), ("ILO", "ORG")],
            id="bracket",
        ),
        pytest.param("the JD(S) said", "JD(S)", "ORG", [("JD(S)", "ORG")], id="bracket_within"),
        pytest.param("Minister of Trade and Industry Li", "Trade and Industry", "ORG", [], id="portfolio"),
        pytest.param(
            "Rector of Ames College", "Rector of Ames College", "ORG", [("Ames College", "ORG")], id="office_of"
        ),
        pytest.param("Deputy Director Li", "Deputy Director", "ORG", [], id="officer"),
        pytest.param("Minister of Environment", "Minister of Environment", "ORG", [], id="office_alone"),
        pytest.param("Acme Ltd. paid", "Acme Ltd.", "ORG", [("Acme Ltd", "ORG")], id="company_suffix"),
        pytest.param("Alibaba grew", "Alibaba", "PERSON", [("Alibaba", "ORG")], id="world_body"),
        pytest.param("Ann Lee, D-Mich., said", "D-Mich.", "ORG", [], id="constituency"),
        pytest.param("Dubai Creek Hotel burnt", "Dubai Creek Hotel", "ORG", [("Dubai Creek Hotel", "FAC")], id="head"),
        pytest.param(
            "Matt Temple left", "Matt Temple", "PERSON", [("Matt Temple", "PERSON")], id="surname_like_a_head"
        ),
        pytest.param("Kuwaitis vote", "Kuwaitis", "GPE", [("Kuwaitis", "NORP")], id="people"),
        pytest.param("Paraguay won", "Paraguay", "NORP", [("Paraguay", "GPE")], id="country"),
        pytest.param("Chad left", "Chad", "PERSON", [("Chad", "PERSON")], id="country_and_given_name"),
        pytest.param("on 3 May, he", "3 May,", "DATE", [("3 May", "DATE")], id="date"),
        pytest.param("see www.merkel.de/Angela now", "www.merkel.de/Angela", "PERSON", [], id="address"),
        pytest.param(
            "Fish Board and Milk Council met",
            "Fish Board and Milk Council",
            "ORG",
            [("Fish Board", "ORG"), ("Milk Council", "ORG")],
            id="two_bodies",
        ),
        pytest.param(
            "Ministry of Fish and Milk met",
            "Ministry of Fish and Milk",
            "ORG",
            [("Ministry of Fish and Milk", "ORG")],
            id="one_body",
        ),
        pytest.param(
            "Sweden's Milk Council met",
            "Sweden's Milk Council",
            "ORG",
            [("Sweden", "GPE"), ("Milk Council", "ORG")],
            id="country_and_its_body",
        ),
        pytest.param(
            "Women's Milk Council met",
            "Women's Milk Council",
            "ORG",
            [("Women's Milk Council", "ORG")],
            id="possessive_of_a_name",
        ),
        pytest.param("Group of Nine summit ends", "Group of Nine summit", "ORG", [("Group of Nine", "ORG")], id="noun"),
        pytest.param(
            "Institute of Co-operation and Trade met",
            "Institute of Co",
            "ORG",
            [("Institute of Co-operation and Trade", "ORG")],
            id="hyphen",
        ),
        pytest.param(
            "Committee on Milk Prices met",
            "Committee",
            "ORG",
            [("Committee", "ORG")],
            id="one_word_has_no_field",
        ),
        pytest.param(
            "Lords Committee on Milk Prices met",
            "Lords Committee",
            "ORG",
            [("Lords Committee on Milk Prices", "ORG")],
            id="field",
        ),
        pytest.param("Lords Committee on Monday", "Lords Committee", "ORG", [("Lords Committee", "ORG")], id="day"),
        pytest.param("Frost Motors grew", "Frost Motors", "PERSON", [("Frost Motors", "ORG")], id="head_of_companies"),
        pytest.param("Frost Centre burnt", "Frost Centre", "FAC", [("Frost Centre", "FAC")], id="head_of_places_too"),
        pytest.param("Police (QZX) said", "QZX", "CARDINAL", [("QZX", "ORG")], id="acronym_as_number"),
        pytest.param("the Fish milk deal", "Fish milk deal", "ORG", [], id="small_words_of_weight"),
        pytest.param("the Fish of the Milk", "Fish of the Milk", "ORG", [("Fish of the Milk", "ORG")], id="particles"),
        pytest.param("work in Fish Trading", "Fish Trading", "ORG", [], id="what_is_done_in_it"),
        pytest.param("saw “Fish Trading”", "Fish Trading", "ORG", [("Fish Trading", "WORK_OF_ART")], id="quoted"),
        pytest.param("saw “Fish Board”", "Fish Board", "ORG", [("Fish Board", "ORG")], id="quoted_body"),
        pytest.param("chapter XIV ends", "XIV", "CARDINAL", [("XIV", "CARDINAL")], id="roman_number"),
        pytest.param("the QZX said", "QZX", "NORP", [("QZX", "ORG")], id="acronym_as_people"),
        pytest.param("paid N$66,000 for", "N$66,000", "ORG", [("N$66,000", "MONEY")], id="money"),
        pytest.param("paid KD 890 for", "KD 890", "ORG", [("KD 890", "MONEY")], id="money_in_letters"),
        pytest.param("paid Dh2,000 for", "Dh2,000", "ORG", [("Dh2,000", "MONEY")], id="money_close_to_letters"),
        pytest.param("paid 70CUP for", "70CUP", "ORG", [("70CUP", "MONEY")], id="letters_behind_money"),
        pytest.param("the QZX 900 is new", "QZX 900", "ORG", [("QZX 900", "ORG")], id="number_is_no_money"),
        pytest.param(
            "to Ulm, Frost, Milk today",
            "Frost, Milk",
            "ORG",
            [("Frost", "ORG"), ("Milk", "ORG")],
            id="names_of_a_list",
        ),
        pytest.param(
            "Council of Fish, Milk and Meat",
            "Council of Fish, Milk and Meat",
            "ORG",
            [("Council of Fish, Milk and Meat", "ORG")],
            id="list_within_a_name",
        ),
        pytest.param(
            "Zorvo Welk, the mayor, left", "Zorvo Welk", "ORG", [("Zorvo Welk", "PERSON")], id="office_behind"
        ),
        pytest.param(
            "Zorvo Welk, the maker, left", "Zorvo Welk", "ORG", [("Zorvo Welk", "ORG")], id="no_office_behind"
        ),
        pytest.param("actress Zorvo Welk left", "Zorvo Welk", "ORG", [("Zorvo Welk", "PERSON")], id="office_ahead"),
        pytest.param("converts to Islam", "Islam", "ORG", [("Islam", "NORP")], id="faith"),
        pytest.param("at Easter they", "Easter", "ORG", [("Easter", "DATE")], id="holiday"),
        pytest.param("after COP28 they", "COP28", "ORG", [("COP28", "EVENT")], id="conference"),
        pytest.param("flight QX 123 left", "QX 123", "ORG", [("QX 123", "PRODUCT")], id="flight"),
        pytest.param("Ann Lee (SUI) won", "SUI", "ORG", [("SUI", "GPE")], id="country_of_a_result"),
        pytest.param("the SUI said", "SUI", "ORG", [("SUI", "ORG")], id="body_like_a_country_code"),
        pytest.param("HANOI, July 3", "HANOI", "ORG", [("HANOI", "GPE")], id="dateline"),
        pytest.param("rain in NSW today", "NSW", "ORG", [("NSW", "GPE")], id="place_in_capitals"),
        pytest.param("Paraguay won", "Paraguay", "EVENT", [("Paraguay", "GPE")], id="country_as_event"),
        pytest.param("Kwame Weiss left", "Kwame Weiss", "ORG", [("Kwame Weiss", "PERSON")], id="given_name_abroad"),
        pytest.param("Le Monde wrote", "Le Monde", "PERSON", [("Le Monde", "ORG")], id="world_body_of_two_words"),
        pytest.param("Financial Secretary Li", "Financial", "ORG", [], id="rank_of_an_officer"),
        pytest.param("Minister of Health, Tertiary Schooling", "Tertiary Schooling", "ORG", [], id="second_field"),
        pytest.param(
            "vice-president for Student Affairs", "Student Affairs", "ORG", [], id="field_of_a_vice_president"
        ),
        pytest.param("drawn in Group C with", "Group C", "ORG", [], id="group_of_a_tournament"),
        pytest.param("the Amazon burns", "Amazon", "ORG", [("Amazon", "LOC")], id="river_has_an_article"),
        pytest.param("bought from Amazon", "Amazon", "ORG", [("Amazon", "ORG")], id="company_has_none"),
        pytest.param(
            "Said Ann Lee, who stayed, “We won.”", "Said Ann Lee", "PERSON", [("Ann Lee", "PERSON")], id="inverted_verb"
        ),
        pytest.param("Said Lee won", "Said Lee", "PERSON", [("Said Lee", "PERSON")], id="given_name_like_a_verb"),
        pytest.param(
            "ECorvo-Deutschland grew", "ECorvo-Deutschland", "PERSON", [("ECorvo-Deutschland", "ORG")], id="branch"
        ),
        pytest.param("so Mistral-France says", "Mistral", "GPE", [("Mistral-France", "ORG")], id="branch_that_was_cut"),
        pytest.param("EU-Nigeria talks", "EU", "ORG", [("EU", "ORG")], id="talks_of_two"),
        pytest.param(
            "Ann Lee-Jordan left", "Ann Lee-Jordan", "PERSON", [("Ann Lee-Jordan", "PERSON")], id="double_name"
        ),
        pytest.param("the late Sheikh Hamad", "Sheikh", "PERSON", [], id="title_alone"),
        pytest.param("he is a Lecturer there", "Lecturer", "LOC", [], id="office_alone"),
        pytest.param("Uzbek boxer Orn won", "Uzbek", "PERSON", [("Uzbek", "NORP")], id="people_as_a_person"),
        pytest.param("Lin Mei (林美) won", "林美", "ORG", [], id="the_name_again_in_its_own_script"),
        pytest.param("Ann Lee 25 and Orn", "Ann Lee 25", "PERSON", [("Ann Lee", "PERSON")], id="score_behind_a_name"),
        pytest.param(
            "Dani Lee (ESP)/Ann Orn won",
            "ESP)/Ann Orn",
            "PERSON",
            [("ESP", "GPE"), ("Ann Orn", "PERSON")],
            id="two_of_a_crew",
        ),
        pytest.param("Angela\nMerkel", "Angela\nMerkel", "PERSON", [("Angela", "PERSON")], id="line_break"),
    ],
)
def test_clean_spans(text: str, span: str, label: str, expected: list[tuple[str, str]]) -> None:
    found = list(clean_spans(_doc(text, span, label).ents, text, 0, NAMING))

    assert expected == [(mention.text, mention.label) for mention in found]
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


@pytest.mark.parametrize(
    ("text", "rival", "expected"),
    [
        pytest.param("they met at Velda Orn today", "O", [], id="as_likely_no_name"),
        pytest.param("they met at Velda Orn today", "FAC", [("Velda Orn", "FAC")], id="as_likely_a_building"),
        pytest.param("they met at Velda Orn today", "PERSON", [], id="as_likely_a_person"),
        pytest.param("they met at Velda Orn today", "", [("Velda Orn", "ORG")], id="nothing_came_close"),
        pytest.param("Velda Orn met, Velda Orn left", "O", [("Velda Orn", "ORG")], id="named_twice"),
        pytest.param("the retailer Velda Orn met", "O", [("Velda Orn", "ORG")], id="told_by_what_it_is"),
        pytest.param("Velda Orn (VO) met", "O", [("Velda Orn", "ORG")], id="has_a_short_form"),
    ],
)
def test_bodies_in_doubt(text: str, rival: str, expected: list[tuple[str, str]]) -> None:
    (span,) = _doc(text, "Velda Orn", "ORG").ents
    span.id_ = rival

    assert expected == [(mention.text, mention.label) for mention in clean_spans([span], text, 0, NAMING)]
