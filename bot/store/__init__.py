"""The store: the only SQLAlchemy in the house. Tables, the unit of work, one file per aggregate."""

from .db import Store, StoreBusy, UnitOfWork

__all__ = ["Store", "StoreBusy", "UnitOfWork"]
