"""One way to compile a kernel: cached on disk, without the GIL, typed for mypy.

Numba notices a changed kernel, not a changed kernel in another file that it calls; so the folder of
the cache carries a digest of all kernels, and an upgrade can never run old machine code.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")
HERE = Path(__file__).parent


def _cache_folder() -> Path:
    """NUMBA_CACHE_DIR if set, else beside the source, else (read-only installation) temporary."""
    digest = hashlib.sha256()
    for kernel in sorted(HERE.glob("*_kernel.py")):
        digest.update(kernel.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen) / name
    if os.access(HERE, os.W_OK):
        return HERE / "__pycache__" / name
    return _own_temporary_folder() / name


def _own_temporary_folder() -> Path:
    """A folder that nobody else could have filled: the cache is machine code that gets run."""
    folder = Path(tempfile.gettempdir()) / f"safeshore-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    mine = state.st_uid == os.getuid() and not folder.is_symlink() and not state.st_mode & 0o077
    return folder if mine else Path(tempfile.mkdtemp(prefix="safeshore-"))


numba.config.CACHE_DIR = str(_cache_folder())  # type: ignore[attr-defined]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile on first call; later processes load the result from the cache."""
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
