"""Sources on the web are polled, what is new in them is fetched, and all of it is archived."""
