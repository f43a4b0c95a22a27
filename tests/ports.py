"""Ports for servers that must know theirs before they listen."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port() -> Iterator[int]:
    """A port of this machine that nobody else is given before the end of the block.

    It is bound here without listening: whoever connects is refused until a server listens there,
    which may, as servers do, share the address.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        yield port
