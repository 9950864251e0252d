"""Write tasks/inputs/months.json: the names of the months in the languages of news, from Unicode CLDR through babel.

usage: python benchmarks/months.py > tasks/inputs/months.json
"""

import json
import sys
from collections import defaultdict

from babel import Locale

LANGUAGES = (
    "en de fr es pt it nl da sv nb nn fi is et lv lt pl cs sk sl hr sr sr_Latn bs mk bg ro hu el sq ru uk be kk uz az "
    "tr ca eu gl cy ga mt ar ar_SY ar_DZ fa he hi bn ur ta te ml kn gu mr pa ne si th id ms fil sw af hy ka am so"
)
OTHERS = {
    1: ("jänner", "januar"),
    2: ("fevrier", "fév"),
    3: ("märz", "mrz", "maerz", "mart"),
    6: ("juin",),
    7: ("juil",),
    8: ("août", "aout", "agustus"),
    9: ("sept", "setiembre"),
    11: ("listopad", "listopada"),
    12: ("decembre", "déc"),
}
"""Spellings that CLDR does not have, and Poles' and Czechs' November, which is October to Croats."""


def month_names() -> dict[int, list[str]]:
    """Lower case, without full stops; of several words the last; names that mean two months are left out."""
    months = defaultdict(set)
    for language in LANGUAGES.split():
        for widths in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for month, name in widths[width].items():
                    word = name.lower().strip(". ").split()[-1].removeprefix("d’").removeprefix("d'").strip(". ")
                    if len(word) > 1 and not any(character.isdigit() for character in word):
                        months[word].add(month)
    names = defaultdict(set)
    for word, meant in months.items():
        if len(meant) == 1:
            names[min(meant)].add(word)
    for month, words in OTHERS.items():
        names[month].update(words)
    return {month: sorted(names[month]) for month in sorted(names)}


if __name__ == "__main__":
    lines = (f' "{month}": {json.dumps(names, ensure_ascii=False)}' for month, names in month_names().items())
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
