"""What a name says that it is."""

import pytest

from newsmill.tasks.enrich.languages.en.kinds import NAMING


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
        ("Northern Premier League", "EVENT"),
        ("Northern Farmers League", "ORG"),
        ("Clean Rivers Programme", "EVENT"),
        ("Rural Teachers Fellowship", "WORK_OF_ART"),
        ("Makers Market", "FAC"),
        ("Angela Merkel", None),
        ("Ministry", None),
        ("", None),
    ],
)
def test_kind_of(name: str, label: str | None) -> None:
    assert label == NAMING.kind_of(name)


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
        ("Digital Marketing", True),
        ("NFT", True),
        ("COO", True),
        ("United Nations", False),
        ("Supreme Court", False),
    ],
)
def test_is_generic(name: str, generic: bool) -> None:
    assert generic is NAMING.is_generic(name)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("Milk Marketing Board", "Board"),
        ("Council of Milk", "Council"),
        ("Milk Festival", None),
        ("Board", None),
        ("", None),
    ],
)
def test_head_of(name: str, head: str | None) -> None:
    assert head == NAMING.head_of(name)
