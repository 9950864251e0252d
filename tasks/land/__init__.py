"""What passed the validation becomes the date, in all tables at once."""
