"""How a database is: whether it answers, and what time it has."""

from datetime import datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from .db import Store

#: `busy`: no connection is free; `away`: none can be made; `broken`: it is no database.
Trouble = Literal["busy", "away", "broken"]


def trouble_of(store: Store) -> Trouble | None:
    """Why it doesn't answer; None if it does."""
    try:
        with store.read() as uow:
            uow.connection.exec_driver_sql("SELECT 1")
    except PoolTimeout:
        return "busy"
    except OperationalError:
        return "away"
    except DatabaseError:
        return "broken"
    return None


def time_there(store: Store) -> datetime | None:
    """What time the database's machine has; None where that is ours."""
    if store.is_sqlite:
        return None
    with store.read() as uow:
        now: datetime = uow.run(text("SELECT clock_timestamp()")).scalar_one()
        return now
