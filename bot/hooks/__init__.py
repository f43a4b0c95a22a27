"""Webhooks out: other systems' addresses, signatures after Standard Webhooks, and the sending."""
