"""Pictures, links and sheets: their addresses, and the views they are drawn from."""
