"""What may go wrong: each problem under the address that its `type` is."""

from typing import Annotated

from pydantic import Field

from ..frame.doors import reads
from ..frame.models import AnswerPart
from ..frame.problems import Trouble, address_of, is_problem, words_of


class ProblemExplained(AnswerPart):
    """A problem, whenever it comes."""

    type: str = Field(description="Its address.")
    code: Annotated[str, Field(description="Its name.")]
    title: str
    detail: str = Field(description="What to do then.")


@reads("/problems/<name>", ProblemExplained, None, found=True)
def get_problem(name: str) -> ProblemExplained:
    """Explain a problem."""
    if not is_problem(name):
        raise Trouble(404, "not_found")
    title, detail = words_of(name)
    return ProblemExplained(type=address_of(name), code=name, title=title, detail=detail)
