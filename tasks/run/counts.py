"""What a batch comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How many a stage was given of a batch, and how many articles it made of them; it rejected the others."""

    given: int
    articles: int
