"""How much is left to chance: a little in every run of the suite, much more in a soak."""

import os

#: `make soak` names how many times as many.
TIMES = int(os.environ.get("KAYOI_EXAMPLES_TIMES", "1"))


def examples(count: int) -> int:
    """So many random examples of a test, or as many times more as are asked for."""
    return count * TIMES
