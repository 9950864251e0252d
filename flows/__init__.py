"""The Prefect flows: ``ingest`` runs one date, ``nightly`` last night's, ``backfill`` any range of dates."""
