"""The command line. ``main`` is where it begins; the modules beside it hold the commands and what they are made of."""
