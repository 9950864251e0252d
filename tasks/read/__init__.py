"""Files, archives, tables and what was fetched become raw documents."""
