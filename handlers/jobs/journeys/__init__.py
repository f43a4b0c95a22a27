"""Whom a journey writes to, and queuing it."""
