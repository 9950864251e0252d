"""The article as a whole, from mentions made by hand."""

import pytest

from newsmill.tasks.enrich.entities.agreement import agree, called_short, headed, introduced, overlooked
from newsmill.tasks.enrich.entities.mentions import Mention, mention_of
from newsmill.tasks.enrich.languages.en.kinds import NAMING


def _mentions(text: str, names: list[tuple[str, str]]) -> list[Mention]:
    """The names in the order in which they stand in the text, each behind the one before."""
    found, at = [], 0
    for name, label in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(mention_of(text, start, at, label))
    return found


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "Esteli is poor. Life in Esteli is hard.",
            [("Esteli", "PERSON"), ("Esteli", "PERSON")],
            ["GPE", "GPE"],
            id="in_a_place",
        ),
        pytest.param(
            "Kumara said so. Kumara added more.",
            [("Kumara", "ORG"), ("Kumara", "ORG")],
            ["PERSON", "PERSON"],
            id="who_says_is_a_person",
        ),
        pytest.param(
            "Kumara lost his hat. For years, Kumara hid his face.",
            [("Kumara", "ORG"), ("Kumara", "ORG")],
            ["PERSON", "PERSON"],
            id="who_has_his_things_is_a_person",
        ),
        pytest.param(
            "Kumara lost its chief. For years, Kumara hid its debts, and Kumara lost his vote.",
            [("Kumara", "ORG"), ("Kumara", "ORG"), ("Kumara", "ORG")],
            ["ORG", "ORG", "ORG"],
            id="but_not_what_has_its_things",
        ),
        pytest.param("The Kumara said so.", [("Kumara", "ORG")], ["ORG"], id="but_not_with_an_article"),
        pytest.param("Congress said so.", [("Congress", "ORG")], ["ORG"], id="nor_a_known_body"),
        pytest.param("The startup Yassir grew.", [("Yassir", "PERSON")], ["ORG"], id="behind_a_noun_of_bodies"),
        pytest.param("Yassir, an Algerian company, grew.", [("Yassir", "PERSON")], ["ORG"], id="before_one"),
        pytest.param("Yassir is one of the biggest banks.", [("Yassir", "PERSON")], ["PERSON"], id="but_of_one_alone"),
        pytest.param("Yassir is a new Algerian bank.", [("Yassir", "PERSON")], ["ORG"], id="is_one"),
        pytest.param("The Yassir newspaper grew.", [("Yassir", "PERSON")], ["ORG"], id="beside_one"),
        pytest.param("The Ruritan newspaper grew.", [("Ruritan", "NORP")], ["NORP"], id="people_beside_one"),
        pytest.param("Yassir founder Li left.", [("Yassir", "PERSON")], ["ORG"], id="staff"),
        pytest.param(
            "Ann Yassir left. Yassir staff stayed.",
            [("Ann Yassir", "PERSON"), ("Yassir", "PERSON")],
            ["PERSON", "PERSON"],
            id="staff_of_a_person",
        ),
        pytest.param("Anna Yassir founder of it.", [("Anna Yassir", "PERSON")], ["PERSON"], id="founder_herself"),
        pytest.param("He asked a researcher at Yassir.", [("Yassir", "PERSON")], ["ORG"], id="whom_somebody_works_for"),
        pytest.param(
            "The Health Institute (Heina) and Heina staff met.",
            [("Health Institute", "ORG"), ("Heina", "PERSON"), ("Heina", "PERSON")],
            ["ORG", "ORG", "ORG"],
            id="person_in_brackets_behind_a_body",
        ),
        pytest.param(
            "The Status Agreement (SOFA) holds.",
            [("Status Agreement", "LAW"), ("SOFA", "ORG")],
            ["LAW", "LAW"],
            id="acronym_of_an_agreement",
        ),
        pytest.param("They met at UCAB today.", [("UCAB", "PERSON")], ["ORG"], id="person_in_capitals"),
        pytest.param("They met JFK today.", [("JFK", "PERSON")], ["PERSON"], id="initials"),
        pytest.param("The “New Dawn” movement grew.", [("New Dawn", "LAW")], ["ORG"], id="movement"),
        pytest.param("Reuters said so.", [("Reuters", "ORG")], ["ORG"], id="world_body_that_says"),
        pytest.param(
            "Ann Facebook left. She wrote on Facebook.",
            [("Ann Facebook", "PERSON"), ("Facebook", "ORG")],
            ["PERSON", "ORG"],
            id="world_body_like_a_surname",
        ),
        pytest.param("Slowly it fell.", [("Slowly", "ORG")], [], id="adverb_that_opens_a_sentence"),
        pytest.param("Crews tackled it.", [("Crews", "ORG")], [], id="word_that_opens_the_only_sentence"),
        pytest.param("Crewsoft said so.", [("Crewsoft", "ORG")], ["PERSON"], id="but_not_one_who_says"),
        pytest.param("CREWS tackled it.", [("CREWS", "ORG")], ["ORG"], id="nor_capitals"),
        pytest.param("She saw Slowly.", [("Slowly", "ORG")], ["ORG"], id="but_not_within_one"),
        pytest.param("Dr Park left.", [("Park", "PERSON")], ["PERSON"], id="person_like_a_common_noun"),
        pytest.param("Li, a senior bank analyst, left.", [("Li", "PERSON")], ["PERSON"], id="not_who_works_there"),
        pytest.param("He went from Okinawa to Tokyo.", [("Okinawa", "PERSON")], ["GPE"], id="city_of_the_gazetteer"),
        pytest.param(
            "Nelson Mandela died. Works of Mandela live.",
            [("Nelson Mandela", "PERSON"), ("Mandela", "PERSON")],
            ["PERSON", "PERSON"],
            id="surname_that_is_a_city",
        ),
        pytest.param(
            "The State and the Ministry agreed.", [("State", "ORG"), ("Ministry", "ORG")], [], id="common_nouns"
        ),
        pytest.param("Looting spread. The looting went on.", [("Looting", "ORG")], [], id="word_that_opens_a_sentence"),
        pytest.param(
            "Bad non-performing loans (NPL) grew. NPL fell.",
            [("NPL", "ORG"), ("NPL", "ORG")],
            [],
            id="acronym_of_common_words",
        ),
        pytest.param(
            "Ana Park sat. Park left.",
            [("Ana Park", "PERSON"), ("Park", "ORG")],
            ["PERSON", "PERSON"],
            id="surname_like_a_common_noun",
        ),
    ],
)
def test_agree(text: str, names: list[tuple[str, str]], expected: list[str]) -> None:
    assert expected == [mention.label for mention in agree(text, _mentions(text, names), NAMING)]


def test_an_acronym_stands_for_its_long_form() -> None:
    text = "The Rwanda Cooperative Agency (RCA) met. RCA left."
    names = [("Rwanda Cooperative Agency", "ORG"), ("RCA", "PERSON"), ("RCA", "GPE")]

    agreed = agree(text, _mentions(text, names), NAMING)

    assert {(mention.label, mention.name) for mention in agreed} == {("ORG", "Rwanda Cooperative Agency")}


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        pytest.param(
            "Cyril Ramaphosa came. Ramaphosa left.",
            [("Cyril Ramaphosa", "PERSON")],
            [("Ramaphosa", "PERSON", "Cyril Ramaphosa")],
            id="surname",
        ),
        pytest.param(
            "Cyril Ramaphosa came.\nCYRIL RAMAPHOSA",
            [("Cyril Ramaphosa", "PERSON")],
            [("CYRIL RAMAPHOSA", "PERSON", "Cyril Ramaphosa")],
            id="capitals",
        ),
        pytest.param("TEHRAN, Iran: calm", [], [("Iran", "GPE", "Iran")], id="country_that_the_model_missed"),
        pytest.param("the BBMP met and the BBMP left", [], [("BBMP", "ORG", "BBMP")] * 2, id="repeated_acronym"),
        pytest.param("the BBMP met", [], [], id="acronym_once"),
        pytest.param("BoG cut rates", [], [("BoG", "ORG", "BoG")], id="inner_capital"),
        pytest.param("old McDonald left", [], [], id="scottish_name"),
        pytest.param("WALLACE: Yes. WALLACE: No. WALLACE: So.", [], [], id="speakers_of_a_transcript"),
        pytest.param("#AppleMusic and @FoxNews", [], [], id="handles"),
    ],
)
def test_overlooked(text: str, names: list[tuple[str, str]], expected: list[tuple[str, str, str]]) -> None:
    found = overlooked(text, _mentions(text, names), NAMING)

    assert expected == [(mention.text, mention.label, mention.name) for mention in found]


def test_a_longer_name_of_the_article_takes_the_place_of_what_the_model_saw_of_it() -> None:
    text = "Ina Weld Corvo spoke. Later Ina Weld Corvo left."
    mentions = _mentions(text, [("Ina Weld Corvo", "PERSON"), ("Ina", "PERSON"), ("Corvo", "GPE")])

    (found,) = overlooked(text, mentions, NAMING)

    assert ("Ina Weld Corvo", text.rindex("Ina")) == (found.text, found.start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They sell brands such as Velda, Maristella and Corvo.", ["ORG", "ORG", "ORG"], id="bodies"),
        pytest.param("They met friends such as Velda, Maristella and Corvo.", ["PERSON"] * 3, id="others"),
        pytest.param(
            "They sell brands such as Velda. Maristella met Corvo.", ["ORG", "PERSON", "PERSON"], id="its_end"
        ),
    ],
)
def test_a_list_says_what_its_names_are(text: str, expected: list[str]) -> None:
    mentions = _mentions(text, [("Velda", "PERSON"), ("Maristella", "PERSON"), ("Corvo", "PERSON")])

    assert expected == [mention.label for mention in agree(text, mentions, NAMING)]


def test_a_corrected_label_brings_its_identity() -> None:
    text = "He went from Bombay to Delhi."
    (bombay,) = agree(text, _mentions(text, [("Bombay", "PERSON")]), NAMING)

    assert bombay.entity_id == mention_of("Mumbai", 0, 6, "GPE").entity_id


@pytest.mark.parametrize(
    ("text", "long_form", "label", "short"),
    [
        pytest.param("The Milk Board (MBQ) met.", "Milk Board", "ORG", "MBQ", id="letters"),
        pytest.param("The Milk Board (Mibo) met.", "Milk Board", "ORG", "Mibo", id="word"),
        pytest.param("The Milk Board ( Mibo ) met.", "Milk Board", "ORG", "Mibo", id="spaced"),
        pytest.param("The Milk Board “Mibo” met.", "Milk Board", "ORG", "Mibo", id="quoted"),
        pytest.param("The Milk Board of the Alps (MBA) met.", "Milk Board", "ORG", "MBA", id="cut_off_by_the_model"),
        pytest.param("The Milk Board (Japan) met.", "Milk Board", "ORG", None, id="country"),
        pytest.param("The Milk Board (Research) met.", "Milk Board", "ORG", None, id="common_noun"),
    ],
)
def test_a_short_form_in_brackets_is_found_and_stands_for_the_long_one(
    text: str, long_form: str, label: str, short: str | None
) -> None:
    mentions = agree(text, _mentions(text, [(long_form, label)]), NAMING)
    found = overlooked(text, mentions, NAMING)

    assert [short] * bool(short) == [mention.text for mention in found if mention.text != "Japan"]
    assert all(mention.entity_id == mentions[0].entity_id for mention in found if mention.text == short)


def test_a_short_form_that_the_model_labels_otherwise_is_relabelled_everywhere() -> None:
    text = "The Milk Board (Mibo) met. Mibo left."
    found = agree(text, _mentions(text, [("Milk Board", "ORG"), ("Mibo", "PERSON"), ("Mibo", "GPE")]), NAMING)

    assert {(mention.label, mention.name) for mention in found} == {("ORG", "Milk Board")}


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("PARIS, Jan 2 (Qnews) - It rained.", "Qnews"),
        ("PARIS, January 2. /QNEWS/. It rained.", "QNEWS"),
        ("Paris, 2 January 2022 (QNA) — It rained.", "QNA"),
        ("It rained on Monday. It was cold (Qnews) - and wet.", None),
    ],
)
def test_the_agency_of_a_dateline_is_a_body(text: str, agency: str | None) -> None:
    assert [agency] * bool(agency) == [m.text for m in overlooked(text, [], NAMING) if m.label == "ORG"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Milk Board met. The Board left.", ["Board"], id="one"),
        pytest.param("The Milk Board met. He left the Board of Fish.", [], id="another"),
        pytest.param("The Milk Board met the Fish Board. The Board left.", [], id="which"),
        pytest.param("The Supreme Court met. The Court left.", [], id="of_a_kind"),
    ],
)
def test_a_body_is_called_by_its_head(text: str, expected: list[str]) -> None:
    names = [(name, "ORG") for name in ("Milk Board", "Fish Board", "Supreme Court") if name in text]
    mentions = agree(text, _mentions(text, names), NAMING)
    found = list(called_short(text, mentions, NAMING))

    assert expected == [mention.text for mention in found]
    assert all(mention.entity_id == mentions[0].entity_id for mention in found)
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


def test_what_is_introduced_as_a_body_needs_no_model() -> None:
    text = "The newspaper Morning Milk and the website milk.example said so."

    assert [mention.text for mention in introduced(text, [], NAMING)] == ["Morning Milk"]
    assert not list(introduced(text, _mentions(text, [("Morning Milk", "PERSON")]), NAMING))


def test_three_letters_behind_every_name_of_a_list_are_its_country() -> None:
    text = "1. Ann Lee (ESP)\n2. Eva Lee (ESP)\n3. Ida Lee (ESP)"

    assert {("ESP", "GPE")} == {(mention.text, mention.label) for mention in overlooked(text, [], NAMING)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The Fish and Milk Department met.", [("Fish and Milk Department", "ORG")], id="body"),
        pytest.param("The Movement for Better Milk met.", [("Movement for Better Milk", "ORG")], id="head_first"),
        pytest.param("near the Old Corvo River today", [("Old Corvo River", "LOC")], id="river"),
        pytest.param("Recently Fish Milk Council met.", [("Fish Milk Council", "ORG")], id="adverb_ahead"),
        pytest.param("The Milk Council met.", [], id="two_words"),
        pytest.param("the Chairman of the Board", [], id="office"),
        pytest.param("the ‘Better Milk Council’ idea", [], id="in_marks"),
        pytest.param("FISH MILK COUNCIL MEETS", [], id="headline"),
    ],
)
def test_headed(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == [(mention.text, mention.label) for mention in headed(text, [], NAMING)]


def test_headed_leaves_what_is_named() -> None:
    text = "The Fish and Milk Department met."

    assert list(headed(text, _mentions(text, [("Milk Department", "ORG")]), NAMING)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The DK lost. Who told DK so?", ["DK", "DK"], id="two_letters"),
        pytest.param("Who told DK so? So DK lost.", [], id="without_an_article"),
        pytest.param("The Chief Secretary (CQ) left. The CQ came back.", [], id="office"),
        pytest.param("The QZ.4 and QZ.5 lines grow.", [], id="number_behind"),
        pytest.param("The fee of US$40 is the US$50 of old.", [], id="currency"),
    ],
)
def test_acronyms(text: str, expected: list[str]) -> None:
    assert expected == [mention.text for mention in overlooked(text, [], NAMING) if mention.label == "ORG"]
