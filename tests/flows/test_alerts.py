"""Runs that died are marked crashed on a real Prefect server, by their claims and by automations of the server."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.states import Running
from pydantic import SecretStr

from newsmill.config import NotifyConfig, Settings
from newsmill.flows.alerts import keep_automations
from newsmill.flows.zombies import clear_zombies
from newsmill.lake import Lake
from newsmill.tasks.run.attempt import Owner, claimed
from newsmill.tasks.run.lease import lease_key

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_server")]

DAY = date(2026, 1, 5)


@flow(name="inner", persist_result=False)
def inner() -> UUID:
    from prefect.runtime import flow_run

    return UUID(flow_run.id)


@flow(name="outer", persist_result=False)
def outer() -> tuple[UUID, UUID]:
    from prefect.runtime import flow_run

    return UUID(flow_run.id), inner()


def read(flow_run_id: UUID) -> FlowRun:
    with get_client(sync_client=True) as client:
        return client.read_flow_run(flow_run_id)


def hold(lake: Lake, flow_run_id: UUID | None, *, dead: bool) -> None:
    """Leave a claim as a run does that is killed, or that is at work."""
    here = Owner.here()
    holder = {
        "attempt_id": "2026-01-05-x",
        "host": here.host,
        "pid": here.pid,
        "machine": here.machine,
        "renewed_at": datetime.now(UTC).isoformat(),
    }
    started = {"started": "long ago" if dead else here.started}
    content = holder | started | ({"flow_run_id": str(flow_run_id)} if flow_run_id else {})
    lake.store.write(lease_key(DAY), json.dumps(content).encode())


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.open(str(tmp_path / "lake"))


def test_the_runs_of_a_dead_process_are_marked_crashed(lake: Lake) -> None:
    settings = Settings(lake=lake.uri.removeprefix("file://"))
    runs = outer()
    with get_client(sync_client=True) as client:
        for run in runs:  # as a server has them whose clients have died
            client.set_flow_run_state(run, Running(), force=True)

    hold(lake, runs[1], dead=False)
    assert list(clear_zombies(settings)) == []
    hold(lake, runs[1], dead=True)
    ((day, detail),) = clear_zombies(settings)

    assert day == DAY
    assert "ended or fell silent in the run 2026-01-05-x" in detail
    states = [read(run).state for run in runs]
    assert [(state.name, state.message) for state in states if state] == [("Crashed", detail)] * 2
    with claimed(lake, DAY, "next"):
        pass
    hold(lake, runs[1], dead=True)
    assert list(clear_zombies(settings)) == []  # told already
    assert list(lake.store.list()) == []


@pytest.mark.parametrize("flow_run_id", [None, uuid4()])
def test_a_run_that_this_server_does_not_know_is_told(lake: Lake, flow_run_id: UUID | None) -> None:
    hold(lake, flow_run_id, dead=True)

    assert [day for day, _ in clear_zombies(Settings(lake=lake.uri.removeprefix("file://")))] == [DAY]
    assert list(lake.store.list()) == []


def test_automations_are_made_once_and_kept_up_to_date() -> None:
    settings = Settings(notify=NotifyConfig(webhook=SecretStr("https://chat.example.org/one")))

    alone = keep_automations(Settings())
    made = [keep_automations(settings) for _ in range(2)]
    keep_automations(
        settings.model_copy(update={"notify": NotifyConfig(webhook=SecretStr("https://chat.example.org/two"))})
    )

    assert alone == ["newsmill: a silent run has crashed"]
    assert made == [[*alone, "newsmill: tell of crashed runs"]] * 2
    with get_client(sync_client=True) as client:
        found = [client.read_automations_by_name(name) for name in made[0]]
    assert [len(each) for each in found] == [1, 1]
    block = Webhook.load("newsmill-webhook")
    assert isinstance(block, Webhook)
    assert block.url.get_secret_value() == "https://chat.example.org/two"
    assert str(block._block_document_id) in str(found[1][0].actions)
