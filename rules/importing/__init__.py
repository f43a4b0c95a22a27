"""Files of other systems: what they say, as spreadsheets and tills write it."""
