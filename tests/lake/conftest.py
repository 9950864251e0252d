"""A lake, once in a folder and once on an S3 server."""

import pytest

from newsmill.lake import Lake


@pytest.fixture
def lake(lake_uri: str) -> Lake:
    return Lake.open(lake_uri)
