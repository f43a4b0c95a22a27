"""Receipts by their lines, and the orders of other systems."""
