"""Broadcasts: written, tried, sent, halted."""
