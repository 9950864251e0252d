"""An agency is recognised where it is credited, and not where it is mentioned."""

import pytest

from newsmill.schemas.words import WireEvidence
from newsmill.tasks.extract.wire import Wire, find_agency

STORY = "The council voted on Monday to rebuild the bridge.\nWork will begin in spring, officials said."


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("LONDON (Reuters) - ", "Reuters"),
        ("ACCRA, March 4 (Reuters) - ", "Reuters"),
        ("March 4 (Reuters) - ", "Reuters"),
        ("SPRINGFIELD, Ill. (AP) — ", "AP"),
        ("BEIJING, Jan. 5 (Xinhua) -- ", "Xinhua"),
        ("MOSCOW, January 5. /TASS/. ", "TASS"),
        ("New Delhi [India], January 5 (ANI): ", "ANI"),
        ("New Delhi, Jan 5 (IANS) ", "IANS"),
        ("Madrid, 5 ene (EFE).- ", "EFE"),
        ("(ANSA) - ROME, JAN 5 - ", "ANSA"),
        ("KUALA LUMPUR, Jan 5 (Bernama) -- ", "Bernama"),
        ("Berlin (dpa) - ", "dpa"),
        ("TOKYO (Kyodo) - ", "Kyodo"),
        ("Jan. 5 (UPI) -- ", "UPI"),
        ("PARIS (AFP/AP) – ", "AFP"),
        ("AP - ", "AP"),
    ],
)
def test_datelines(opening: str, agency: str) -> None:
    assert find_agency(opening + STORY) == Wire(agency, WireEvidence.DATELINE)


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("Jane Doe, Associated Press", "AP"),
        ("JANE DOE The Associated Press", "AP"),
        ("AP Sports Writer", "AP"),
        ("Reuters Staff", "Reuters"),
        ("By John Smith (Reuters)", "Reuters"),
        ("AFP", "AFP"),
        ("AFP/Reuters", "AFP"),
        ("PA Media", "PA"),
        ("Anadolu Agency", "Anadolu"),
    ],
)
def test_bylines(author: str, agency: str) -> None:
    assert find_agency(STORY, ["Staff", author]) == Wire(agency, WireEvidence.BYLINE)


@pytest.mark.parametrize(
    ("ending", "agency"),
    [
        ("\n(Reporting by Ada Hill; Editing by Bo Lake)", "Reuters"),
        (" (Xinhua)", "Xinhua"),
        (" - Bernama", "Bernama"),
        (" — PTI", "PTI"),
        ("\nSource: Yonhap News Agency", "Yonhap"),
        ("\n© 2020 AFP", "AFP"),
        ("\nCopyright 2021 The Associated Press. All rights reserved. This material may not be published.", "AP"),
        ("\nReuter", "Reuters"),
    ],
)
def test_credits(ending: str, agency: str) -> None:
    assert find_agency(STORY + ending) == Wire(agency, WireEvidence.CREDIT)


@pytest.mark.parametrize(
    ("hostname", "agency"), [("reuters.com", "Reuters"), ("english.news.cn", "Xinhua"), ("notreuters.com", None)]
)
def test_the_agencies_own_sites(hostname: str, agency: str | None) -> None:
    assert find_agency(STORY, (), hostname) == (Wire(agency, WireEvidence.HOST) if agency else None)


@pytest.mark.parametrize(
    "text",
    [
        "Reuters reported on Monday that the bridge will be rebuilt.",
        "The bridge will be rebuilt, Reuters said.",
        "He told AFP (Agence France-Presse) that it was late.",
        "He met officials (AP) in Rome.",
        "The Associated Press contributed to this report.",
        "Reporting by our staff.",
        "She works at the Associated Press.",
        "Shares of Thomson Reuters rose.",
        "Text: Reuters, all rights reserved for whoever wrote the story first, " + "and who did is not known, " * 10,
        "",
        "Reuters news agency reported on Monday that the talks had failed.",
    ],
)
def test_a_mention_is_no_credit(text: str) -> None:
    assert find_agency(f"{STORY}\n{text}") is None
    assert find_agency(f"{text}\n{STORY}") is None


@pytest.mark.parametrize("author", ["Ann Papp", "Pa Smith", "Efe Demir", "Ani Kaur", "Anna Pan", "Reuters Building"])
def test_people_are_no_agencies(author: str) -> None:
    assert find_agency(STORY, [author]) is None
