"""The commands about journeys: `flask --app app journeys …`."""

from .group import journeys_commands

__all__ = ["journeys_commands"]
