"""Recording what happened: one transaction, one key, one outcome."""
