"""What a flow run is called in Prefect's pages."""

from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

MOST_SOURCES = 50
"""That are tags of a flow run; with thousands its page says nothing any more."""


def label(*tags: str, name: str | None = None) -> None:
    """Tag the flow run alone, and name it: tags given from outside would go to its tasks too, and cost each a slot."""
    if flow_run.id:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(flow_run.id), name=name, tags=["newsmill", *tags])


def sources_in_tags(names: list[str]) -> list[str]:
    """The sources of a run as tags, or how many there are."""
    named = list(dict.fromkeys(names))
    return [f"source:{name}" for name in named] if len(named) <= MOST_SOURCES else [f"{len(named)} sources"]
