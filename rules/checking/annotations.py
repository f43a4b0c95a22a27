"""What the models' annotations allow, without what pydantic wraps around it."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin


def leaves(annotation: Any) -> Iterator[Any]:
    """The alternatives of an annotation, without None and without pydantic's bounds."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from leaves(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for alternative in get_args(annotation):
            yield from leaves(alternative)
    elif annotation is not type(None):
        yield annotation
