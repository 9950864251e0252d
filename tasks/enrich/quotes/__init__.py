"""What is quoted in a text, and who said it."""
