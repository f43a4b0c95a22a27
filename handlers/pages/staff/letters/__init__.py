"""Letters by post: who is written to when the programme says so."""
