"""Dates decided on a small lake: in any order, at once, killed, by a ledger that is lost, outdated or rebuilt.

The articles come ready, and nothing is enriched or validated: what is tested is what dedupe, the ledger, the clusters
of quotations and the publish make of them.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsmill.config import Settings
from newsmill.errors import LedgerChanged, LedgerMismatch, RunInProgress
from newsmill.lake import Lake
from newsmill.lake.publish import publish
from newsmill.lake.query import query
from newsmill.lake.staging import read_table
from newsmill.schemas.record import values
from newsmill.schemas.rows import SCHEMA_VERSION, Article, Duplicate, LedgerEntry, Quote, Run, Segment
from newsmill.schemas.words import DateSource, SpeakerMethod
from newsmill.tasks.dedupe import ledger
from newsmill.tasks.dedupe.stage import Deduped, dedupe_run
from newsmill.tasks.enrich.quotes.find import words_hash
from newsmill.tasks.enrich.stage import without_furniture
from newsmill.tasks.extract.stage import stage_extracted
from newsmill.tasks.inputs.fingerprint import shingles, sketch
from newsmill.tasks.inputs.identity import article_id, text_hash
from newsmill.tasks.land import quotes as land_quotes
from newsmill.tasks.land.partition import land_again
from newsmill.tasks.land.quotes import Clustered, cluster_run, recluster
from newsmill.tasks.land.stage import land_run
from newsmill.tasks.read.stage import ReadResult
from newsmill.tasks.run.attempt import Attempt, claimed
from newsmill.tasks.run.staged import ARTICLES, DUPLICATES, EXTRACTED, FURNITURE, INPUT_ID, KEPT, QUOTES
from newsmill.tasks.run.tombstones import Removed
from newsmill.tasks.upkeep.ledger import rebuild
from newsmill.tasks.upkeep.removal import remove
from newsmill.tasks.upkeep.verify import verify_dates
from newsmill.tasks.validate.stage import Audited, stage_ledger
from tests.rows import QUOTE

DAY = date(2026, 1, 5)
DATES = [DAY + timedelta(days=number) for number in range(3)]
SPREAD = [DAY, DAY + timedelta(days=20), DAY + timedelta(days=40)]
"""The last of them is not within the window of the first."""

type Rows = Sequence[tuple[str, str]]
"""Page and text."""

BRIDGE = "We will rebuild the old bridge over the river before the winter comes"
SAID = (f"“{BRIDGE}.”", f"“{BRIDGE[20:]}”", f"“{BRIDGE[:50]},” and “{BRIDGE[20:]}.”")


def story(name: str, words: int = 60) -> str:
    return " ".join(f"{name}{number}" for number in range(words))


def article(page: str, text: str, hour: int) -> Article:
    """The article of a page, which is named by its host, or by host and path."""
    host, _, path = page.partition("/")
    url = f"https://{host}.example/{path or 'story'}"
    return Article(
        article_id=article_id(url, text),
        url=url,
        canonical_url=url,
        source="wire",
        hostname=f"{host}.example",
        site_name=None,
        publisher=None,
        title=page,
        authors=(),
        published_at=datetime(2026, 1, 5, hour, tzinfo=UTC),
        published_on=DAY,
        published_at_source=DateSource.META,
        modified_at=None,
        modified_at_source=DateSource.NONE,
        language="en",
        description=None,
        text=text,
        word_count=len(text.split()),
        text_hash=text_hash(text),
        section=None,
        tags=(),
        image_url=None,
        extraction_method="lines",
        lines_removed=0,
        revision=0,
        is_wire=False,
        wire_agency=None,
        raw_uri=f"{page}.txt",
        fetched_at=None,
        http_status=None,
        schema_version=SCHEMA_VERSION,
        pipeline_version="0",
        model_name=None,
        model_version=None,
    )


def quotes_of(article: Article) -> list[Quote]:
    """What stands in quotation marks, said by nobody that is known."""
    return [
        QUOTE.replace(
            article_id=article.article_id,
            quote_id=words_hash(found[1]),
            words_hash=words_hash(found[1]),
            quote_index=index,
            text=found[1],
            start=found.start(1),
            end=found.end(1),
            segments=(Segment(start=found.start(1), end=found.end(1)),),
            speaker_entity_id=None,
        )
        for index, found in enumerate(re.finditer("“(.*?)”", article.text))
    ]


class Execution:
    """A run of a date, a phase at a time, over articles in two batches."""

    quotes_of = staticmethod(quotes_of)

    def __init__(self, uri: str, day: date, rows: Rows, settings: Settings | None = None) -> None:
        self.attempt = Attempt(
            attempt_id=f"{day}-{uuid.uuid4().hex[:12]}",
            logical_date=day,
            sources=(),
            settings=settings or Settings(lake=uri),
            started_at=datetime(2026, 2, 1, tzinfo=UTC),
        )
        self.rows = rows
        for number, part in enumerate((rows[:2], rows[2:])):
            articles = [article(page, text, 2 * number + place) for place, (page, text) in enumerate(part)]
            inputs = [f"{number}-{place}" for place in range(len(part))]
            sketches = [sketch(shingles(found.text)) for found in articles]
            stage_extracted(self.attempt, number, articles, inputs, sketches)

    def decide(self) -> Deduped:
        return dedupe_run(self.attempt, 2)

    def publish(self, deduped: Deduped) -> None:
        files: dict[str, tuple[str, ...]] = {"duplicates": (self.attempt.key(DUPLICATES),)}
        for number in range(2):
            kept = self.attempt.read(KEPT, number)
            table = self.attempt.read(EXTRACTED, number).take(kept["row"])
            cut = {row["row"]: row["lines"] for row in self.attempt.read(FURNITURE, number).to_pylist()}
            articles = zip(values(kept, "row"), Article.from_arrow(table), _revisions(kept), strict=True)
            rows = [without_furniture(a.replace(**r), cut.get(row, ())) for row, a, r in articles]
            inputs = pa.array(values(table, "input_id"), pa.string())
            self.attempt.write(ARTICLES, Article.to_arrow(rows).append_column(INPUT_ID, inputs), number)
            self.attempt.write(QUOTES, Quote.to_arrow(q for a in rows for q in self.quotes_of(a)), number)
        for staged in (ARTICLES, QUOTES):
            files[staged.name] = tuple(self.attempt.key(staged, number) for number in range(2))
        files["ledger"] = tuple(stage_ledger(self.attempt, 2, ()))
        reading = ReadResult(batches=2, read_count=len(self.rows), input_hash="0" * 64, silent_sources=())
        audited = Audited(
            article_count=deduped.kept_count,
            duplicate_count=0,
            rejection_count=0,
            entity_count=0,
            quote_count=0,
            attributed_count=0,
            link_count=0,
            no_model={},
            validation="{}",
            report_uri="",
            files=files,
        )
        land_run(self.attempt, reading, deduped, audited, {})

    def run(self) -> None:
        """As the flow does it: again if an earlier date was published meanwhile."""
        while True:
            try:
                self.publish(self.decide())
            except LedgerChanged:
                continue
            return


def _revisions(kept: pa.Table) -> list[dict[str, object]]:
    return kept.drop_columns(["row"]).to_pylist()


def run(uri: str, inputs: Mapping[date, Rows], day: date) -> None:
    """A run of a date, and of the later ones that it makes stale, and what it changes for their quotations."""
    Execution(uri, day, inputs[day]).run()
    last = day
    for last in ledger.stale(Lake.open(uri), day, day, 30):
        Execution(uri, last, inputs[last]).run()
    recluster(Lake.open(uri), day, last, 30)


def tables(uri: str) -> dict[str, list[dict[str, object]]]:
    """Everything that the lake holds, apart from what tells one execution from another."""
    lake = Lake.open(uri)
    found = {name: lake.read(name).to_pylist() for name in ("articles", "quotes", "duplicates", "ledger")}
    runs = lake.read("runs", columns=["logical_date", "run_id", "ledger_hash"])
    return found | {"runs": runs.sort_by("logical_date").to_pylist()}


def test_unlike_pages_that_state_one_address_are_articles_at_their_own(tmp_path: Path) -> None:
    uri = str(tmp_path / "lake")
    execution = Execution(uri, DAY, [("a", story("x")), ("b", story("y"))])
    pages = Article.from_arrow(execution.attempt.read(EXTRACTED, 0))
    section = "https://paper.example/news"
    stating = [
        page.replace(
            url=f"https://paper.example/{page.title}", canonical_url=section, article_id=article_id(section, "")
        )
        for page in pages
    ]
    sketches = [sketch(shingles(found.text)) for found in stating]
    stage_extracted(execution.attempt, 0, stating, ["0-0", "0-1"], sketches)
    execution.run()

    landed = Lake.open(uri).read("articles", columns=["canonical_url", "article_id", "hostname"]).to_pylist()
    addresses = (section, "https://paper.example/b")
    assert sorted(landed, key=lambda row: row["canonical_url"] != section) == [
        {"canonical_url": address, "article_id": article_id(address, ""), "hostname": "paper.example"}
        for address in addresses
    ]
    assert ledger.is_settled(Lake.open(uri), DAY, 30)


INPUTS: dict[date, Rows] = {
    DATES[0]: [("a", story("x")), ("b", story("y"))],
    DATES[1]: [("c", story("x", 57)), ("a", story("x", 50)), ("d", story("z")), ("e", story("z"))],
    DATES[2]: [("f", story("z", 55)), ("a", story("x", 40)), ("g", story("y", 58)), ("h", "short")],
}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return str(tmp_path / "lake")


@pytest.fixture
def in_order(tmp_path: Path) -> dict[str, list[dict[str, object]]]:
    for day in DATES:
        run(str(tmp_path / "in order"), INPUTS, day)
    return tables(str(tmp_path / "in order"))


def test_copies_point_at_what_stands_for_them_and_revisions_tell_what_changed(uri: str) -> None:
    for day in DATES:
        run(uri, INPUTS, day)

    lake = Lake.open(uri)
    copies = query(lake, "SELECT title, duplicate_of_date, method, text FROM duplicates ORDER BY title").to_pylist()
    assert [(c["title"], str(c["duplicate_of_date"]), c["method"], c["text"] is None) for c in copies] == [
        ("c", "2026-01-05", "near", False),
        ("e", "2026-01-06", "same_text", True),
        ("f", "2026-01-06", "near", False),
        ("g", "2026-01-05", "near", False),
    ]
    pages = query(
        lake,
        "SELECT revision, round(revision_similarity, 3) AS s, words_added AS a, words_removed AS r FROM articles "
        "WHERE title = 'a' ORDER BY logical_date",
    ).to_pylist()
    assert pages == [
        {"revision": 0, "s": None, "a": None, "r": None},
        {"revision": 1, "s": round(48 / 58, 3), "a": 0, "r": 10},
        {"revision": 2, "s": round(38 / 48, 3), "a": 0, "r": 10},
    ]
    changed = query(lake, "SELECT revision, changes FROM articles WHERE title = 'a' ORDER BY logical_date").to_pylist()
    assert changed[0]["changes"] is None
    for row in changed[1:]:
        assert {change["kind"] for change in row["changes"]} == {"changed"}
        (change,) = row["changes"]
        assert change["before"].startswith(change["after"])
    known = query(lake, "SELECT count(*) AS n, count(*) FILTER (is_kept) AS kept FROM ledger").to_pylist()
    assert known == [{"n": 10, "kept": 6}]


TEXTS = [story("x"), story("x", 57), story("x", 40), story("y"), *SAID]
PAGES = st.tuples(st.sampled_from("abcd"), st.sampled_from(TEXTS))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    inputs=st.fixed_dictionaries({day: st.lists(PAGES, min_size=1, max_size=3) for day in DATES}),
    order=st.permutations([*DATES, DATES[0]]),
)
def test_shuffled_backfills_give_the_same_tables(
    inputs: Mapping[date, Rows], order: Sequence[date], tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, other = (str(tmp_path_factory.mktemp(name)) for name in ("ordered", "shuffled"))
    for day in DATES:
        run(one, inputs, day)
    for day in order:
        run(other, inputs, day)

    assert tables(other) == tables(one)


OFFER = "Sign up for our morning newsletter and never miss a headline."


def page(number: int, line: str = OFFER) -> tuple[str, str]:
    """A page of one host, unlike its others but for how it ends."""
    text = "\n".join(story(f"{word}{number}", 12) for word in ("one", "two", "three"))
    return f"paper/{number}", f"{text}\n{line}".strip()


SERIES: dict[date, Rows] = {
    DATES[0]: [page(0), page(1), page(2, "")],
    DATES[1]: [page(3), page(4, "Contact us")],
    DATES[2]: [page(5, "Contact us"), page(6, ""), page(0), page(1, "")],
}
"""The third page that ends in the offer is of the second date, the first of all comes again on the third."""


def texts_of(uri: str) -> dict[str, tuple[bool, list[str]]]:
    """Of each page whether its text has the offer, and what was cut."""
    sql = "SELECT title, text, furniture FROM articles ORDER BY logical_date"
    return {
        row["title"]: (OFFER in row["text"], [line["text"] for line in row["furniture"] or ()])
        for row in query(Lake.open(uri), sql).to_pylist()
    }


@pytest.mark.parametrize("order", list(permutations(DATES)), ids=lambda order: "".join(str(day.day) for day in order))
def test_furniture_is_cut_from_the_page_on_that_shows_it_in_any_order(order: Sequence[date], tmp_path: Path) -> None:
    ordered, uri = str(tmp_path / "ordered"), str(tmp_path / "shuffled")
    for day in DATES:
        run(ordered, SERIES, day)
    for day in order:
        run(uri, SERIES, day)

    assert tables(uri) == tables(ordered)
    assert texts_of(uri) == {
        "paper/0": (True, []),
        "paper/1": (False, []),
        "paper/2": (False, []),
        "paper/3": (False, [OFFER]),
        "paper/4": (False, []),
        "paper/5": (False, []),
        "paper/6": (False, []),
    }
    # The page that came again is known as what it is, though it would be cut by now.
    assert query(Lake.open(uri), "SELECT title FROM duplicates").to_pylist() == [{"title": "paper/0"}]
    assert all(ledger.is_settled(Lake.open(uri), day, 30) for day in DATES)


def test_a_ledger_that_is_made_anew_knows_the_lines_that_were_cut(uri: str) -> None:
    for day in DATES:
        run(uri, SERIES, day)
    before = tables(uri)

    rebuild(Lake.open(uri))

    assert tables(uri) == before
    run(uri, SERIES, DATES[2])
    assert tables(uri) == before


def test_a_page_that_has_lost_lines_is_removed_from_the_ledger_alone(uri: str, tmp_path: Path) -> None:
    for day in DATES:
        run(uri, SERIES, day)
    lake, gone = Lake.open(uri), article_id("https://paper.example/3", "")

    remove(lake, tmp_path / "spool", Removed.ARTICLE, gone, datetime(2026, 2, 1, tzinfo=UTC), window_days=30)

    left = lake.read("ledger", on=DATES[1])
    assert values(left, "article_id") == values(lake.read("articles", on=DATES[1]), "article_id")
    assert len(left) == 1
    assert len(lake.read("ledger", on=DATES[2])) == len(SERIES[DATES[2]])


def test_no_furniture_is_cut_where_that_is_not_wanted(uri: str) -> None:
    for day in DATES:
        execution = Execution(uri, day, SERIES[day], Settings(lake=uri, furniture=False))
        execution.run()

    assert {has_offer for has_offer, _ in texts_of(uri).values()} == {True, False}
    assert not any(cut for _, cut in texts_of(uri).values())
    assert texts_of(uri)["paper/3"][0]


def test_dates_run_at_once_give_what_running_them_in_order_gives(tmp_path: Path) -> None:
    days = [DAY + timedelta(days=number) for number in range(5)]
    inputs = {day: [(f"p{n}", story("x", 60 - n)), ("live", story("z", 40 + n)), (f"o{n}", story(f"o{n % 3}")),
                    (f"q{n}", f"“{BRIDGE[3 * n :]}.”")]
              for n, day in enumerate(days)}  # fmt: skip
    ordered, at_once = str(tmp_path / "ordered"), str(tmp_path / "at once")
    for day in days:
        run(ordered, inputs, day)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda day: run(at_once, inputs, day), days))

    assert tables(at_once) == tables(ordered)


def test_an_earlier_date_that_lands_meanwhile_is_decided_by(
    uri: str, in_order: dict[str, list[dict[str, object]]]
) -> None:
    run(uri, INPUTS, DATES[0])
    last = Execution(uri, DATES[2], INPUTS[DATES[2]])
    early = last.decide()
    run(uri, INPUTS, DATES[1])

    with pytest.raises(LedgerChanged, match="an earlier date was published while 2026-01-07 ran"):
        last.publish(early)
    assert Lake.open(uri).dates("ledger") == DATES[:2]

    last.run()
    assert tables(uri) == in_order


def test_a_date_that_keeps_less_than_before_is_missed_by_those_behind_it(uri: str) -> None:
    inputs: dict[date, Rows] = {day: [(str(day), story("x"))] for day in SPREAD}

    for day in reversed(SPREAD):
        run(uri, inputs, day)

    assert Lake.open(uri).dates("articles") == [SPREAD[0], SPREAD[2]]


def test_an_earlier_date_without_bearing_is_no_reason_to_decide_again(uri: str) -> None:
    last = Execution(uri, DATES[2], INPUTS[DATES[2]])
    early = last.decide()
    run(uri, {DATES[0]: [("q", story("q"))]}, DATES[0])

    last.publish(early)

    assert list(ledger.stale(Lake.open(uri), DATES[0], DATES[0], 30)) == []


def test_a_run_that_was_killed_after_its_publish_is_settled_by_the_next(
    uri: str, in_order: dict[str, list[dict[str, object]]]
) -> None:
    for day in reversed(DATES):
        Execution(uri, day, INPUTS[day]).run()  # killed before it could run the later dates again
    assert list(ledger.stale(Lake.open(uri), DATES[0], DATES[0], 30)) == DATES[1:]

    run(uri, INPUTS, DATES[0])

    assert tables(uri) == in_order


def test_only_the_window_is_compared_with(uri: str) -> None:
    far = DAY + timedelta(days=31)
    run(uri, {DAY: [("a", story("x"))]}, DAY)

    run(uri, {far: [("b", story("x"))]}, far)

    assert Lake.open(uri).dates("articles") == [DAY, far]


def test_the_ledger_is_rebuilt_as_it_was(uri: str, in_order: dict[str, list[dict[str, object]]]) -> None:
    for day in DATES:
        run(uri, INPUTS, day)
    lake = Lake.open(uri)
    files = [file.key for file in lake.files("ledger")]
    publish(lake, DATES[1], {"ledger": []})
    with pytest.raises(LedgerMismatch, match="nothing of 2026-01-06, which has landed; run: newsmill ledger rebuild"):
        Execution(uri, DATES[2], INPUTS[DATES[2]]).decide()

    assert rebuild(lake) == DATES

    assert tables(uri) == in_order
    assert [file.key for file in lake.files("ledger")] == files


def test_a_date_without_articles_needs_no_ledger(uri: str) -> None:
    """As a date of copies alone that version 1 published, which did not keep their words."""
    run(uri, {DATES[0]: [("a", story("x"))]}, DATES[0])
    run(uri, {DATES[1]: [("b", story("x"))]}, DATES[1])
    lake = Lake.open(uri)
    copies = [row.replace(text_hash=None) for row in Duplicate.from_arrow(lake.read("duplicates", on=DATES[1]))]
    row = Run.from_arrow(lake.read("runs", on=DATES[1]))[0].replace(ledger_hash=None)
    land_again(lake, DATES[1], {Duplicate: Duplicate.to_arrow(copies)}, row)

    assert rebuild(lake) == DATES[:2]

    assert lake.dates("ledger") == DATES[:1]
    run(uri, INPUTS, DATES[2])
    assert lake.dates("ledger") == [DATES[0], DATES[2]]


def test_a_date_that_is_being_run_is_not_rebuilt(uri: str) -> None:
    run(uri, INPUTS, DATES[0])
    lake = Lake.open(uri)

    with claimed(lake, DATES[0], "somebody"), pytest.raises(RunInProgress, match="being run by somebody"):
        rebuild(lake)


def test_a_ledger_of_another_version_is_refused(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "VERSION", "0-old")
        run(uri, INPUTS, DATES[0])

    with pytest.raises(LedgerMismatch, match="version 0-old, not"):
        Execution(uri, DATES[1], INPUTS[DATES[1]]).decide()
    rebuild(Lake.open(uri))
    Execution(uri, DATES[1], INPUTS[DATES[1]]).run()

    assert Lake.open(uri).dates("ledger") == DATES[:2]


def test_what_is_rejected_later_is_not_remembered(uri: str) -> None:
    execution = Execution(uri, DAY, INPUTS[DAY])
    execution.decide()

    keys = stage_ledger(execution.attempt, 2, {"0-1"})

    rows = pa.concat_tables(read_table(execution.attempt.lake, key) for key in keys)
    assert values(rows, "input_id") == ["0-0"]
    assert set(LedgerEntry.arrow_schema().names) < set(rows.column_names)


def test_a_date_keeps_one_row_for_each_duplicate(uri: str) -> None:
    run(uri, {DAY: [("a", story("x")), ("a", story("x", 50)), ("b", story("x"))]}, DAY)

    rows = Duplicate.from_arrow(Lake.open(uri).read("duplicates"))

    assert sorted((row.input_id, row.method.value, round(row.similarity, 3)) for row in rows) == [
        ("0-1", "same_url", round(48 / 58, 3)),
        ("1-0", "same_text", 1.0),
    ]
    assert {replace(row, input_id="").text for row in rows} == {None, story("x", 50)}


# Quotations

CARRIED: dict[date, Rows] = {day: [("a", text), ("b", story(str(day)))] for day, text in zip(SPREAD, SAID, strict=True)}


def quoted(uri: str) -> dict[date, list[str]]:
    """The quote_id of the quotations of each date."""
    rows = Lake.open(uri).read("quotes", columns=["logical_date", "quote_id", "quote_index"]).sort_by("quote_index")
    return {
        day: [row["quote_id"] for row in rows.to_pylist() if row["logical_date"] == day]
        for day in sorted(set(values(rows, "logical_date")))
    }


WHOLE, CUT = words_hash(BRIDGE), words_hash(BRIDGE[20:])
TOLD = dict(zip(SPREAD, ([WHOLE], [WHOLE], [words_hash(BRIDGE[:50]), WHOLE]), strict=True))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_a_quotation_has_the_id_of_the_first_to_carry_it_in_whatever_order_dates_land(
    uri: str, order: Sequence[int]
) -> None:
    for number in order:
        run(uri, CARRIED, SPREAD[number])

    assert quoted(uri) == TOLD
    lake = Lake.open(uri)
    details = [problem.detail for problem in verify_dates(lake, SPREAD)]
    assert not [detail for detail in details if "bytes" in detail or "several runs" in detail]
    assert recluster(lake, date.min, date.max, 30) == []


def told(article: Article) -> list[Quote]:
    """The same, said by somebody in the article of the second date and by nobody in the others."""
    nobody = {"speaker_name": None, "speaker_text": None, "confidence": None, "method": SpeakerMethod.NO_CUE}
    named = {"speaker_entity_id": "a" * 16} if article.text == SAID[1] else nobody
    return [quote.replace(**named) for quote in quotes_of(article)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_a_name_is_taken_from_earlier_dates_alone_in_whatever_order_dates_land(
    uri: str, order: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Execution, "quotes_of", staticmethod(told))
    elsewhere = {day: [(page, said)] for day, page, said in zip(SPREAD, "acd", SAID, strict=True)}
    for number in order:
        run(uri, elsewhere, SPREAD[number])

    lake = Lake.open(uri)
    found = {(q.quote_index, q.speaker_name, q.method): day for day in SPREAD for q in _quotes_on(lake, day)}
    assert found == {
        (0, None, SpeakerMethod.NO_CUE): SPREAD[2],  # of the first date and, cut short, of the last
        (0, "Ada Hill", SpeakerMethod.CUE_AFTER): SPREAD[1],
        (1, "Ada Hill", SpeakerMethod.ELSEWHERE): SPREAD[2],
    }
    assert recluster(lake, date.min, date.max, 30) == []


def _quotes_on(lake: Lake, day: date) -> list[Quote]:
    return Quote.from_arrow(lake.read("quotes", on=day))


def test_an_id_that_changes_changes_those_of_its_own_window(uri: str) -> None:
    for day in SPREAD[1:]:
        run(uri, CARRIED, day)
    assert quoted(uri)[SPREAD[2]][1] == CUT
    Execution(uri, SPREAD[0], CARRIED[SPREAD[0]]).run()  # killed before it could settle the later dates

    assert recluster(Lake.open(uri), SPREAD[0], SPREAD[0], 30) == SPREAD[1:]

    assert quoted(uri) == TOLD


def test_quotations_that_land_meanwhile_count(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    times = 0

    def cluster_and_wait(attempt: Attempt, staged: Mapping[str, Sequence[str]]) -> Clustered:
        nonlocal times
        times += 1
        clustered = cluster_run(attempt, staged)
        if attempt.logical_date == SPREAD[1] and times == 1:
            Execution(uri, SPREAD[0], CARRIED[SPREAD[0]]).run()
        return clustered

    monkeypatch.setattr(land_quotes, "cluster_run", cluster_and_wait)
    Execution(uri, SPREAD[1], CARRIED[SPREAD[1]]).run()

    assert quoted(uri) == {day: TOLD[day] for day in SPREAD[:2]}
    assert times == 3


def test_a_date_that_is_published_while_it_is_clustered_again_is_clustered_once_more(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (SPREAD[1], SPREAD[0]):
        Execution(uri, day, CARRIED[day]).run()
    lake = Lake.open(uri)
    newer = [("c", "“We will not wait for it any longer, whoever pays for it in the end.”")]

    def land_late(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(land_quotes, "land_again", land_again)
        Execution(uri, SPREAD[1], newer).run()
        return land_again(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(land_quotes, "land_again", land_late)

    assert recluster(lake, SPREAD[0], SPREAD[0], 30) == []

    assert values(lake.read("quotes", columns=["text"], on=SPREAD[1]), "text") == [newer[0][1][1:-1]]


def test_a_lake_of_before_there_were_clusters_goes_on(uri: str) -> None:
    run(uri, CARRIED, SPREAD[0])
    lake = Lake.open(uri)
    old = [row.replace(words_hash=None) for row in Quote.from_arrow(lake.read("quotes"))]
    land_again(lake, SPREAD[0], {Quote: Quote.to_arrow(old)})

    run(uri, CARRIED, SPREAD[1])

    assert quoted(uri) == {day: TOLD[day] for day in SPREAD[:2]}
    assert values(lake.read("quotes", columns=["words_hash"]), "words_hash") == [None, CUT]
