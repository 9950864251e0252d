"""What the inputs of all stages have in common: content, addresses, sources and identity."""
