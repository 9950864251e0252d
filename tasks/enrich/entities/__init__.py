"""Who and what is named in a text, under one name each."""
