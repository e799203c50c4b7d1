"""Compile the few loops that numpy cannot say. Importing numba takes half a second, so the web never loads this."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function when it is first called, and keep the result on disk where there is a place to keep it."""
    try:
        return cast("Function", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba finds no folder that it may write to: then every process compiles for itself
        return cast("Function", njit(nogil=True)(function))
