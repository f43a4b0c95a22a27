"""All rows of a club, out of one database and into an empty one of either kind."""
