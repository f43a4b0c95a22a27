"""The owner's figures, and the people behind them."""
