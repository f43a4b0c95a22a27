"""Questions over many members: who is due, at risk, came today, may be pruned."""
