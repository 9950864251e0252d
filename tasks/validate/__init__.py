"""The expectations on staged rows, before anything is published."""
