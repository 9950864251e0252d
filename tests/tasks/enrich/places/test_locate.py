"""Namesakes among places: what an article tells decides, and where it tells nothing no place is named."""

import pytest

from newsmill.tasks.enrich.places.gazetteer import places_named
from newsmill.tasks.enrich.places.locate import Named, kilometres, locate

PARIS, PARIS_TEXAS, LONDON, LONDON_ONTARIO = 2988507, 4717560, 2643743, 6058560
ALEXANDRIA_EGYPT, ALEXANDRIA_VIRGINIA, ALEXANDRIA_MINNESOTA = 361058, 4744091, 5016108
GEORGIA_COUNTRY, GEORGIA_STATE, WASHINGTON_DC, WASHINGTON_STATE = 614540, 4197000, 4140963, 5815135
LEBANON_COUNTRY, NEW_YORK_CITY, MINNESOTA, UKRAINE, KYIV = 272103, 5128581, 5037779, 690791, 703448
CORDOBA_SPAIN, CORDOBA_ARGENTINA, VALENCIA_SPAIN, VALENCIA_VENEZUELA = 2519240, 3860259, 2509954, 3625549
NEWCASTLE_AUSTRALIA, NEWCASTLE_ENGLAND = 2155472, 2641673
BIRMINGHAM_ENGLAND, BIRMINGHAM_ALABAMA, CAMBRIDGE_MASSACHUSETTS, FRANCE = 2655603, 4049979, 4931972, 3017382

GOLD = [
    ("[Paris] is the capital of [France].", {"Paris": PARIS, "France": FRANCE}),
    ("A fire broke out in [Paris], [Texas], on Sunday.", {"Paris": PARIS_TEXAS}),
    ("The mayor of [Alexandria], [Va.], spoke first.", {"Alexandria": ALEXANDRIA_VIRGINIA}),
    ("Divers off [Alexandria] found coins that were struck in [Egypt].", {"Alexandria": ALEXANDRIA_EGYPT}),
    ("Buses left [Alexandria] for [Fargo]; [Minnesota] will pay.", {"Alexandria": ALEXANDRIA_MINNESOTA}),
    ("[Georgia] and [Russia] sent envoys to [Tbilisi].", {"Georgia": GEORGIA_COUNTRY}),
    ("Voters in [Atlanta] and [Savannah] decide how [Georgia] goes.", {"Georgia": GEORGIA_STATE}),
    ("[Washington] has asked [Ukraine] for talks in [Kyiv].", {"Ukraine": UKRAINE, "Kyiv": KYIV}),
    ("From [Seattle] to [Spokane], [Washington] is dry.", {"Washington": WASHINGTON_STATE}),
    ("[Lebanon] and [Syria] closed the road to [Beirut].", {"Lebanon": LEBANON_COUNTRY}),
    ("[New York] was quiet on Monday.", {"New York": NEW_YORK_CITY}),
    ("Police in [London], [Ont.], said so.", {"London": LONDON_ONTARIO}),
    ("[London] and [Manchester] lost trains in [England].", {"London": LONDON}),
    ("[Córdoba] and [Seville] in [Spain] saw 44 degrees.", {"Córdoba": CORDOBA_SPAIN}),
    ("[Buenos Aires], [Rosario] and [Córdoba] struck; [Argentina] stood still.", {"Córdoba": CORDOBA_ARGENTINA}),
    ("Floods reached [Valencia] and [Alicante] in [Spain].", {"Valencia": VALENCIA_SPAIN}),
    ("[Caracas], [Maracay] and [Valencia] have no power, [Venezuela] says.", {"Valencia": VALENCIA_VENEZUELA}),
    ("[Birmingham] and [Coventry] share the line.", {"Birmingham": BIRMINGHAM_ENGLAND}),
    ("[Birmingham], [Montgomery] and [Mobile] are in [Alabama].", {"Birmingham": BIRMINGHAM_ALABAMA}),
    ("Students in [Boston] and [Cambridge], [Mass.], marched.", {"Cambridge": CAMBRIDGE_MASSACHUSETTS}),
    ("[St. Cloud] lies in [Minn.], the state says.", {"Minn.": MINNESOTA}),
    ("The [French] and the [Ukrainian] teams met.", {"French": FRANCE, "Ukrainian": UKRAINE}),
]
"""Texts with their places in brackets, and the ids of those that are to be right."""


def names_of(marked: str) -> tuple[str, list[Named]]:
    text, names = "", []
    for number, part in enumerate(marked.replace("]", "[").split("[")):
        if number % 2:
            label = "NORP" if part in {"French", "Ukrainian"} else "GPE"
            names.append(Named(part, len(text), len(text) + len(part), label))
        text += part
    return text, names


@pytest.mark.parametrize(("marked", "expected"), GOLD, ids=[marked for marked, _ in GOLD])
def test_the_article_decides(marked: str, expected: dict[str, int]) -> None:
    text, names = names_of(marked)
    located = locate(text, names)
    found = {name.text: located.get((name.start, name.end)) for name in names}
    assert {name: place.place.geoname_id if (place := found[name]) else None for name in expected} == expected


@pytest.mark.parametrize(
    "marked",
    [
        "The fair in [Springfield] opens on Friday.",
        "[Clinton] and nothing else.",
        "[Springfield] and [Franklin] played.",
    ],
)
def test_where_nothing_decides_no_place_is_named(marked: str) -> None:
    text, names = names_of(marked)
    assert locate(text, names) == {}


@pytest.mark.parametrize(("home", "expected"), [("AU", NEWCASTLE_AUSTRALIA), ("FR", None), (None, None)])
def test_the_country_of_the_outlet_speaks_for_a_place(home: str | None, expected: int | None) -> None:
    text, names = names_of("The harbour of [Newcastle] is closed.")
    found = [located.place.geoname_id for located in locate(text, names, home).values()]
    assert found == ([] if expected is None else [expected])


def test_the_country_of_the_outlet_is_outvoted_by_the_text() -> None:
    text, names = names_of("[Newcastle] and [Sunderland] share a metro in [England].")
    assert locate(text, names, "AU")[names[0].start, names[0].end].place.geoname_id == NEWCASTLE_ENGLAND


@pytest.mark.parametrize("name", ["Middle East", "Europe", "Nowhereburgh", "", "…"])
def test_what_is_no_place_of_the_table_stays_open(name: str) -> None:
    assert locate(name, [Named(name, 0, len(name), "LOC")]) == {}


def test_what_is_said_once_holds_throughout() -> None:
    text, names = names_of("[Paris], [Texas], is small. Nobody in [Paris] minds.")
    assert {located.place.geoname_id for (start, _), located in locate(text, names).items() if start != 7} == {
        PARIS_TEXAS
    }


def test_the_order_of_articles_changes_nothing() -> None:
    first, second = (names_of(marked) for marked, _ in GOLD[:2])
    assert [locate(*first), locate(*second)] == [locate(*one) for one in (first, second)]
    assert locate(*second) != locate(*first)


def test_distances_are_those_of_the_globe() -> None:
    (london, paris) = (
        next(p for p in places_named(n) if p.geoname_id == i) for n, i in (("London", LONDON), ("Paris", PARIS))
    )
    assert kilometres(london, paris) == pytest.approx(344, abs=5)
