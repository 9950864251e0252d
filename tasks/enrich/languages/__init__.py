"""The languages whose news the rules read: a folder each, with its words, its patterns and its rules."""
