"""One way to compile a kernel: cached on disk, without the GIL, typed for mypy.

Kernels that call each other live in one file: numba notices a changed file, not a changed callee
in another file.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def _choose_cache_folder() -> None:
    """Let numba write its cache even where the installation is read-only."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    if os.access(Path(__file__).parent, os.W_OK):
        return  # numba uses __pycache__ beside the source
    numba.config.CACHE_DIR = str(Path(tempfile.gettempdir()) / f"safeshore-numba-{os.getuid()}")


_choose_cache_folder()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on first call; later processes load the result from the cache."""
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
