"""Receipts that come from elsewhere: orders of tills and web shops, and slips that claim one."""
