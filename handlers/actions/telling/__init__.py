"""Queuing what a member is to be told."""
