"""What is done to dates that have landed."""
