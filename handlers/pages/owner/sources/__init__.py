"""Where members come from, and what it cost."""
