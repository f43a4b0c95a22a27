"""The store: the only SQLAlchemy in the house. Tables, the unit of work, one file per aggregate."""

from .engine.db import DatabaseUnreachable, Store, StoreBusy, StoreFull, UnitOfWork

__all__ = ["DatabaseUnreachable", "Store", "StoreBusy", "StoreFull", "UnitOfWork"]
