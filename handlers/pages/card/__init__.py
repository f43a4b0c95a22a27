"""A member's own pages in the browser, reached by links from the chat: the card that moves, and a
reward about to be used. No log-in: the link is the secret, and good for a short time."""

from . import live, use
from .reader import pages

__all__ = ["live", "pages", "use"]
