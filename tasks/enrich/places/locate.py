"""Which place of the world a mention names, where the article decides among those of one name.

An article's names are taken together: a name stands for one place throughout (Gale, Church and Yarowsky 1992). What
speaks for a place: the state, province or country that stands behind its name; that its division or country is named
elsewhere in the article; the other places that it lies near; its size; and, weakly, the country of the outlet. Chances
are found by letting the names vote for one another until they settle; below ``LEAST_CONFIDENCE`` no place is named.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from newsmill.schemas.words import PlaceKind
from newsmill.tasks.enrich.entities.countries import country_codes, parts, people_codes, regions
from newsmill.tasks.enrich.entities.names import fold
from newsmill.tasks.enrich.places.gazetteer import Place, capitals, countries_by_code, place_name, places_named

LEAST_CONFIDENCE = 0.5
"""On LGL, which is hard since local papers mean the place next door, what is named there is right .92 of the time."""

_PRESS = {
    "AL": "Ala", "AZ": "Ariz", "AR": "Ark", "CA": "Calif", "CO": "Colo", "CT": "Conn", "DE": "Del", "FL": "Fla",
    "GA": "Ga", "IL": "Ill", "IN": "Ind", "KS": "Kan Kans", "KY": "Ky", "LA": "La", "MD": "Md", "MA": "Mass",
    "MI": "Mich", "MN": "Minn", "MS": "Miss", "MO": "Mo", "MT": "Mont", "NE": "Neb Nebr", "NV": "Nev", "NH": "NH",
    "NJ": "NJ", "NM": "NM", "NY": "NY", "NC": "NC", "ND": "ND", "OK": "Okla", "OR": "Ore", "PA": "Pa Penn",
    "RI": "RI", "SC": "SC", "SD": "SD", "TN": "Tenn", "TX": "Tex", "VT": "Vt", "VA": "Va", "WA": "Wash", "WV": "WVa",
    "WI": "Wis", "WY": "Wyo", "DC": "DC",
    "AB": "Alta", "BC": "BC", "MB": "Man", "NB": "NB", "NL": "Nfld", "NS": "NS", "ON": "Ont", "QC": "Que", "SK": "Sask",
}  # fmt: skip
"""How the press of North America shortens states and provinces, by their postal letters."""

_SHORT = {short: postal.lower() for postal, shorts in _PRESS.items() for short in shorts.split()}


class Named(NamedTuple):
    """A mention of a place, or of a people: as it is written, its offsets, and the label of its entity."""

    text: str
    start: int
    end: int
    label: str

    @property
    def key(self) -> str:
        """What the names of one place have in common; short forms with their stops are states."""
        short = _without_stops(self.text)
        return f"{short}." if "." in self.text and short in _SHORT else place_name(self.text)


@dataclass(frozen=True, slots=True)
class Located:
    """The place that a mention names, and the chance that it is that one."""

    place: Place
    confidence: float


def locate(text: str, names: Sequence[Named], home: str | None = None) -> dict[tuple[int, int], Located]:
    """The places of mentions, by their offsets; those that stay open are left out. ``home`` is the outlet's country."""
    candidates = {name.key: places for name in names if (places := _candidates(name))}
    chances = _settled(candidates, _told(text, names), home)
    found: dict[tuple[int, int], Located] = {}
    for name in names:
        if options := chances.get(name.key):
            place, confidence = max(options.items(), key=lambda option: (option[1], -option[0].geoname_id))
            if confidence >= LEAST_CONFIDENCE:
                found[name.start, name.end] = Located(place, round(confidence, 3))
    return found


# What a name may mean


def _candidates(name: Named) -> tuple[Place, ...]:
    """The places that a name may mean: of a people its country, of a city and the division that it rules the city."""
    if name.label == "NORP":
        country = countries_by_code().get(people_codes().get(fold(name.text), ""))
        return () if country is None else (country,)
    if fold(name.text) in regions():
        return ()
    if name.key.endswith("."):
        return tuple(_divisions_named(_SHORT[name.key[:-1]]))
    country = _country_named(name.text)
    found = {place.geoname_id: place for place in (*([country] if country else []), *places_named(name.key))}
    cities = [place for place in found.values() if place.kind is PlaceKind.CITY]
    return tuple(place for place in found.values() if not any(_is_seat(city, place) for city in cities))


def _country_named(name: str) -> Place | None:
    """The country of a name as English has it; a part of one, as England, is none."""
    key = fold(name)
    return None if key in parts() else countries_by_code().get(country_codes().get(key, ""))


_SEAT = 0.05
"""Share of a division's people from which on the city of its name is meant by it."""

_SEAT_KM = 50.0


def _is_seat(city: Place, division: Place) -> bool:
    """Whether a division bears the name of the city, which is then meant by it."""
    if division.kind not in {PlaceKind.ADMIN1, PlaceKind.ADMIN2} or city.country_code != division.country_code:
        return False
    is_large = division.kind is PlaceKind.ADMIN2 or city.population >= _SEAT * division.population
    return is_large and kilometres(city, division) <= _SEAT_KM


# What the text says that it lies in

_BEHIND = re.compile(r"\s*(?:(?P<comma>,)\s*|\(|\sin\s)")
_REGION = re.compile(r"[A-Z][\w.'’-]*(?:\s(?:[A-Z][\w.'’-]*|of|and|the)){0,3}")


def _told(text: str, names: Sequence[Named]) -> dict[str, set[Place]]:
    """The divisions and countries that stand behind names, after a comma, in brackets or after "in"."""
    told: dict[str, set[Place]] = {}
    for name in names:
        gap = _BEHIND.match(text, name.end)
        region = _REGION.match(text, gap.end()) if gap else None
        if gap and region:
            words = region[0].split()
            readings = (_regions(" ".join(words[:size]), bool(gap["comma"])) for size in range(len(words), 0, -1))
            told.setdefault(name.key, set()).update(next((found for found in readings if found), ()))
    return told


def _regions(name: str, behind_comma: bool) -> list[Place]:
    """The divisions and countries of a name; the short forms of states only where a comma leads to them."""
    short = _SHORT.get(_without_stops(name))
    if short or (len(name) == 2 and name.isupper()):
        return _divisions_named(short or name.lower()) if behind_comma else []
    country = _country_named(name)
    return [*([country] if country else []), *_divisions_named(place_name(name))]


def _divisions_named(key: str) -> list[Place]:
    return [place for place in places_named(key) if place.kind in {PlaceKind.ADMIN1, PlaceKind.ADMIN2}]


def _without_stops(name: str) -> str:
    return name.replace(".", "").replace(" ", "")


def _lies_in(place: Place, region: Place) -> bool:
    if place.geoname_id == region.geoname_id:
        return False
    if region.kind is PlaceKind.COUNTRY:
        return place.country_code == region.country_code
    return region.geoname_id in {place.admin1_id, place.admin2_id}


# The chances

_TOLD = 8.0
"""Weights are in nats: this of a division or country that stands behind the name."""

_DIVISION, _COUNTRY, _NEAR = 2.2, 1.6, 1.6
"""Of its division, of its country and of places nearby, where they are named elsewhere."""

_SIZE, _CAPITAL = 0.9, 2.0
"""Of ten times as many people, and of being the capital of a country."""

_HOME = 1.2
"""Of lying in the country of the outlet: less than if the text named it, since much of the news is from abroad."""

_KIND = {PlaceKind.COUNTRY: 3.0, PlaceKind.ADMIN1: 0.5, PlaceKind.ADMIN2: -1.5, PlaceKind.CITY: 0.0}
_NEAR_KM = 120.0
"""Distance over which places speak for one another e times less."""

_SAME_DIVISION = 0.5
"""Of a place in the same division, however far, beside one at the same spot."""

_ROUNDS = 3
_LEAST_CHANCE = 0.05
"""What is less likely has no vote."""

type Chances = Mapping[str, Mapping[Place, float]]
type Vote = tuple[str, Place, float]


def _settled(candidates: Mapping[str, Sequence[Place]], told: Mapping[str, set[Place]], home: str | None) -> Chances:
    """The chances of the places of each name, after the names have voted for one another."""
    base = {
        key: {place: _prior(place, told.get(key, ()), home) for place in places} for key, places in candidates.items()
    }
    behind = {region for regions_of in told.values() for region in regions_of}
    chances: Chances = {key: _softmax(scores) for key, scores in base.items()}
    for _ in range(_ROUNDS):
        votes = _votes(chances)
        chances = {
            key: _softmax({place: score + _support(key, place, votes, behind) for place, score in scores.items()})
            for key, scores in base.items()
        }
    return chances


def _prior(place: Place, told: Iterable[Place], home: str | None) -> float:
    score = _SIZE * math.log10(place.population + 100) + _KIND[place.kind]
    score += _TOLD if any(_lies_in(place, region) for region in told) else 0.0
    score += _HOME if place.country_code == home else 0.0
    return score + (_CAPITAL if place.geoname_id in capitals() else 0.0)


def _votes(chances: Chances) -> Mapping[str, Sequence[Vote]]:
    """The names with their places and chances, by country: a border town is spoken for by its country."""
    votes: dict[str, list[Vote]] = {}
    for key, options in chances.items():
        for place, chance in options.items():
            if chance >= _LEAST_CHANCE:
                votes.setdefault(place.country_code, []).append((key, place, chance))
    return votes


def _support(key: str, place: Place, votes: Mapping[str, Sequence[Vote]], behind: Iterable[Place]) -> float:
    """How much the other names of the article speak for a place."""
    division = float(any(region.kind is PlaceKind.ADMIN1 and _lies_in(place, region) for region in behind))
    nation = near = 0.0
    for other, other_place, chance in votes.get(place.country_code, ()):
        if other == key:
            continue
        nation = max(nation, chance)
        if other_place.kind is PlaceKind.ADMIN1:
            division = max(division, chance if _lies_in(place, other_place) else 0.0)
        elif other_place.kind is not PlaceKind.COUNTRY:
            near += chance * math.exp(-kilometres(place, other_place) / _NEAR_KM)
            near += _SAME_DIVISION * chance * (other_place.admin1_id == place.admin1_id is not None)
    return _DIVISION * division + _COUNTRY * nation + _NEAR * math.log1p(near)


def _softmax(scores: Mapping[Place, float]) -> dict[Place, float]:
    most = max(scores.values())
    weights = {place: math.exp(score - most) for place, score in scores.items()}
    total = sum(weights.values())
    return {place: weight / total for place, weight in weights.items()}


def kilometres(one: Place, other: Place) -> float:
    """Distance along a great circle (haversine, mean radius 6371 km)."""
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(place.latitude), math.radians(place.longitude)) for place in (one, other)
    )
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, h)))
