"""What Prefect's pages call a flow run."""

import os

import httpx
import pytest
from prefect import flow

from newsmill.flows.labels import MOST_SOURCES, label, sources_in_tags

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]


def test_a_run_has_the_name_and_the_tags_that_it_gives_itself(prefect_server: str) -> None:
    @flow(name="named by itself")
    def named() -> None:
        label("nightly", "date:2026-01-05", name="nightly 2026-01-05")

    named()

    user, _, password = os.environ["PREFECT_API_AUTH_STRING"].partition(":")
    asked = {"flows": {"name": {"any_": ["named by itself"]}}}
    (run,) = httpx.post(f"{prefect_server}/flow_runs/filter", json=asked, auth=(user, password), timeout=10).json()
    assert (run["name"], run["tags"]) == ("nightly 2026-01-05", ["newsmill", "nightly", "date:2026-01-05"])


@pytest.mark.parametrize(
    ("names", "tags"),
    [(["wire", "desk", "wire"], ["source:wire", "source:desk"]), ([str(n) for n in range(99)], ["99 sources"])],
    ids=["few", "many"],
)
def test_sources_are_tags_unless_they_are_many(names: list[str], tags: list[str]) -> None:
    assert MOST_SOURCES < 99
    assert sources_in_tags(names) == tags
