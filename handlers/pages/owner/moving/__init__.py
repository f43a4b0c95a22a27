"""Bringing in what another system knew, and taking out what this one knows."""
