"""What kind of trouble a database tells of."""

import sqlite3

from sqlalchemy import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: PostgreSQL's code for disk_full.
_DISK_FULL = "53100"
#: PostgreSQL's codes for: lock_not_available, deadlock_detected, too_many_connections.
_BUSY_STATES = ("55P03", "40P01", "53300")


def troubles(dialect: Dialect) -> tuple[type[Exception], ...]:
    """What is raised when the database can't do something now: also by the driver itself, where a
    statement does not run through SQLAlchemy."""
    return (OperationalError, PoolTimeout, dialect.loaded_dbapi.OperationalError)


def is_busy(problem: Exception) -> bool:
    """Whether it is worth trying again: a lock not got, a circle of locks, no free connection."""
    if isinstance(problem, PoolTimeout):
        return True
    cause = problem.orig if isinstance(problem, OperationalError) else problem
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) in _BUSY_STATES


def is_full(problem: Exception) -> bool:
    """Whether there is no room on the database's disk."""
    cause = problem.orig if isinstance(problem, OperationalError) else problem
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == _DISK_FULL
