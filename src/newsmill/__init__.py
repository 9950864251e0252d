"""News articles in, validated Parquet with entities and attributed quotes out."""

__version__ = "0.1.0"
