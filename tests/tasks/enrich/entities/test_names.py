"""Names as keys."""

import pytest

from newsmill.tasks.enrich.entities.names import body_key, fold, identity, person_key, trim


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Çavuşoğlu", "Cavusoglu"),
        ("Sergei", "Sergey"),
        ("Shoygu", "Shoigu"),
        ("Zelenskyy", "Zelensky"),
        ("Müller", "Mueller"),
        ("Mohammed", "Muhammad"),
        ("Łukasz", "Lukasz"),
        ("Yılmaz", "YILMAZ"),
        ("Lavrov's", "Lavrov"),
        ("Organization", "Organisation"),
        ("Mikhael", "Mikhail"),
        ("Dimitri", "Dmitry"),
        ("Serguei", "Sergej"),
        ("Abdel", "Abdul"),
        ("Khaled", "Khalid"),
        ("Mostafa", "Mustafa"),
    ],
)
def test_fold_joins(first: str, second: str) -> None:
    assert fold(first) == fold(second)


@pytest.mark.parametrize(("first", "second"), [("Lavrov", "Shoygu"), ("Merkel", "Markel"), ("Iran", "Iraq")])
def test_fold_keeps_apart(first: str, second: str) -> None:
    assert fold(first) != fold(second)


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("President Vladimir V. Putin", "Vladimir Putin"),
        ("Vladimir Vladimirovich Putin", "Vladimir Putin"),
        ("Joseph R. Biden", "Joe Biden"),
        ("Bashar al-Assad", "Bashar Assad"),
        ("Tayyip Erdoğan", "Recep Tayyip Erdogan"),
    ],
)
def test_person_key(name: str, same_as: str) -> None:
    assert person_key(name) == person_key(same_as)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("George Bush", "Jeb Bush"),
        ("Al Gore", "Gore"),
        ("Catherine Orn", "Katherine Orn"),
        ("Mikhail Orn", "Michael Orn"),
    ],
)
def test_person_key_keeps_apart(first: str, second: str) -> None:
    assert person_key(first) != person_key(second)


@pytest.mark.parametrize(
    ("name", "same_as"),
    [("the U.S.", "United States"), ("NATO", "North Atlantic Treaty Organization"), ("The Kremlin's", "Kremlin")],
)
def test_body_key(name: str, same_as: str) -> None:
    assert body_key(name) == body_key(same_as)


def test_an_article_is_cut_off_the_front_of_a_name_alone() -> None:
    assert body_key("The European Central Bank") == ("european", "central", "bank")


@pytest.mark.parametrize("name", ["", "-", "'", "...", "李克强", "1952"])
def test_any_name_has_a_key(name: str) -> None:
    assert len(identity(body_key(name), "ORG")) == 16
    assert len(identity(person_key(name), "PERSON")) == 16


def test_identity_tells_classes_apart() -> None:
    assert identity(("washington",), "PERSON") != identity(("washington",), "PLACE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("the Kremlin’s", "Kremlin"), ("“Lavrov”", "Lavrov"), ("$5 million", "$5 million"), (" - ", "")],
)
def test_trim(text: str, expected: str) -> None:
    start, end = trim(text, 0, len(text))

    assert text[start:end] == expected


def test_a_name_without_letters_has_a_key() -> None:
    assert person_key("--") == ("--",)
