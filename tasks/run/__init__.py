"""An execution of a run: who it is, what it holds, what it stages."""
