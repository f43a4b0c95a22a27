"""What every door of the API stands in."""
