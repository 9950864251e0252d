"""A store, once in a folder and once on an S3 server."""

import pytest

from newsmill.storage import ObjectStore, open_store


@pytest.fixture
def store(lake_uri: str) -> ObjectStore:
    return open_store(lake_uri)
