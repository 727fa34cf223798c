"""Make the copies of a photo that may be shown, in a process that cannot hurt this one."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from surveys.photos.facts import PhotoFacts

WALL_SECONDS: Final = 60
# Problems of the moment (a crowded machine): worth another try. All others stay as they are.
TRANSIENT: Final = frozenset({"timeout", "crashed", "too_much_memory"})
PROBLEMS: Final = ("not_an_image", "damaged", "too_many_pixels", *sorted(TRANSIENT), "file_missing")
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Derived:
    """What came of one photo: the copies exist unless there is a problem.

    faces  how many places look like one; None where no detector could look
    """

    facts: PhotoFacts
    width_px: int | None = None
    height_px: int | None = None
    problem: str = ""
    look: str = ""
    faces: int | None = None
    copies: tuple[Path, ...] = ()

    @property
    def image(self) -> Path | None:
        return self._copy("image.jpg")

    @property
    def thumbnail(self) -> Path | None:
        return self._copy("thumbnail.jpg")

    def _copy(self, name: str) -> Path | None:
        return next((path for path in self.copies if path.name == name), None)


def _is_copy(path: Path) -> bool:
    size = path.stem.removeprefix("blurred-")
    return path.suffix in (".jpg", ".webp") and size in ("image", "medium", "thumbnail")


def derive(original: Path, folder: Path, *, wall_seconds: float = WALL_SECONDS) -> Derived:
    """Write upright copies without metadata of ``original`` into ``folder``.

    Never raises for what is in the file; takes at most ``wall_seconds``.
    """
    command = [sys.executable, "-m", "surveys.photos.worker", str(original), str(folder)]
    bare = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(_ROOT),
        # Threads reserve address space, which is limited: on many processors it would not be enough
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, capture_output=True, timeout=wall_seconds, check=True, env=bare, cwd=folder
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Derived(PhotoFacts(), problem="timeout")
    except (subprocess.CalledProcessError, json.JSONDecodeError):
        return Derived(PhotoFacts(), problem="crashed")
    ok = not answer["problem"]
    return Derived(
        facts=PhotoFacts.from_json(answer["facts"]),
        width_px=answer["width"],
        height_px=answer["height"],
        problem=answer["problem"],
        look=answer["look"],
        faces=answer["faces"],
        copies=tuple(sorted(path for path in folder.iterdir() if _is_copy(path))) if ok else (),
    )
