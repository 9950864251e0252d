"""places: which place of the world a name in an article is."""
