"""What a name says that it is."""

import pytest

from newsmill.tasks.enrich.kinds import is_generic, kind_of


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Ministry of Foreign Affairs", "ORG"),
        ("Bank for International Settlements", "ORG"),
        ("Dhaka Metropolitan Police", "ORG"),
        ("Universidad Central", "ORG"),
        ("National History Museum", "FAC"),
        ("Bnei Medical Centre", "FAC"),
        ("Golfito Wildlife Reserve", "LOC"),
        ("US Federal Reserve", None),
        ("Playas del Coco", "LOC"),
        ("Shizuoka Prefecture", "GPE"),
        ("Jazz Festival", "EVENT"),
        ("Data Protection Act", "LAW"),
        ("Angela Merkel", None),
        ("Ministry", None),
        ("", None),
    ],
)
def test_kind_of(name: str, label: str | None) -> None:
    assert label == kind_of(name)


@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("Ministry", True),
        ("State", True),
        ("COVID-19", True),
        ("Parliament", False),
        ("Kremlin", False),
        ("BBC", False),
        ("ATMs", True),
        ("Science and Technology", True),
        ("Public Security", True),
        ("Public Security Bureau", False),
        ("United Nations", False),
        ("Supreme Court", False),
    ],
)
def test_is_generic(name: str, generic: bool) -> None:
    assert generic is is_generic(name)
