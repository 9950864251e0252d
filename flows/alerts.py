"""Automations of a Prefect server for what a dead run cannot tell: it is marked crashed, and the webhook hears of it.

    python -m newsmill.flows.alerts [SETTINGS]     makes or renews them on the server that PREFECT_API_URL names

``newsmill serve`` does the same when it starts. A run that lives tells of itself (:mod:`newsmill.flows.notify`).
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from pydantic import SecretStr

from newsmill.config import Settings, load_settings
from newsmill.server import HEARTBEAT_SECONDS

SILENT = timedelta(seconds=4 * HEARTBEAT_SECONDS)

_STARTED = ["nightly", "backfill"]
"""The flows that a server starts; ``ingest`` runs within them."""

_BLOCK = "newsmill-webhook"
_HEARTBEAT = "prefect.flow-run.heartbeat"
_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}


def keep_automations(settings: Settings) -> list[str]:
    """Make the automations, or bring those of the same name up to date; returns their names."""
    automations = [_silent_runs_crash()]
    if settings.notify.webhook:
        automations.append(_crashes_are_told(settings.notify.webhook, settings.lake))
    with get_client(sync_client=True) as client:
        for automation in automations:
            if there := client.read_automations_by_name(automation.name):
                client.update_automation(there[0].id, automation)
            else:
                client.create_automation(automation)
    return [automation.name for automation in automations]


def _silent_runs_crash() -> AutomationCore:
    """Marks a run crashed from which neither a sign of life nor an end has come for a while."""
    return AutomationCore(
        name="newsmill: a silent run has crashed",
        description="Runs that were killed, or whose machine is gone, do not stay running for ever.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=_of([*_STARTED, "ingest"]),
            after={_HEARTBEAT},
            expect={_HEARTBEAT, *_ENDS},
            for_each={"prefect.resource.id"},
            threshold=1,
            within=SILENT,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="nothing was heard of it any more")],
    )


def _crashes_are_told(webhook: SecretStr, lake: str) -> AutomationCore:
    """Posts to the webhook what :func:`newsmill.flows.notify.notify` would, if the run could still do it."""
    block = Webhook(url=webhook, headers={"Content-Type": "application/json"}).save(_BLOCK, overwrite=True)
    told = {
        "event": "crashed",
        "lake": lake,
        "detail": "{{ flow_run.name }}: {{ flow_run.state.message }}",
        "text": "newsmill: {{ flow.name }} {{ flow_run.name }} crashed. {{ flow_run.state.message }}",
    }
    return AutomationCore(
        name="newsmill: tell of crashed runs",
        description="A run that crashed cannot tell of it itself.",
        trigger=EventTrigger(
            posture=Posture.Reactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=_of(_STARTED),
            expect={"prefect.flow-run.Crashed"},
            for_each={"prefect.resource.id"},
        ),
        actions=[CallWebhook(block_document_id=block, payload=json.dumps(told))],
    )


def _of(flows: list[str]) -> ResourceSpecification:
    return ResourceSpecification({"prefect.resource.role": "flow", "prefect.resource.name": flows})


if __name__ == "__main__":
    for made in keep_automations(load_settings(Path(sys.argv[1]) if len(sys.argv) > 1 else None)):
        sys.stdout.write(f"{made}\n")
