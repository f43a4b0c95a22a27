"""A member's own pages in the browser: `/card` and what is below it, in a session that a link from
the chat begins; and a reward about to be used, whose link is the secret itself."""

from . import live, sections, shell, use
from .reader import pages

__all__ = ["live", "pages", "sections", "shell", "use"]
