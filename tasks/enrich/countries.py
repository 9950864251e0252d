"""Country names to ISO 3166 codes, from the Unicode CLDR data that the babel package carries."""

from functools import cache

from babel import Locale

from newsmill.tasks.enrich.names import fold

_ALSO = {
    "US": "the United States of America, the United States, America, USA, US",
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
    "GM": "The Gambia",
    "BS": "The Bahamas",
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
    "BN": "Brunei",
    "ST": "Sao Tome and Principe",
}
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
    codes.update({fold(name.strip()): code for code, names in _ALSO.items() for name in names.split(",")})
    return codes
