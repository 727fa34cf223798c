"""Find the project's own files, without what is vendored, generated or thrown away."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = (  # lowest first; the names in one row never meet
    ("common", "geomath"),
    ("places",),
    ("accounts",),
    ("history",),
    ("hazards",),
    ("surveys", "maps"),
    ("config",),
)
RANK = {app: rank for rank, row in enumerate(LAYERS) for app in row}
APPS = tuple(RANK)
SKIPPED = {
    ".git", ".venv", "var", "node_modules", "vendor", "__pycache__",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
}  # fmt: skip


@cache
def own_files() -> tuple[Path, ...]:
    """Return every file of the project, sorted."""

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                if path.name not in SKIPPED:
                    yield from walk(path)
            elif path.is_file():
                yield path

    return tuple(walk(ROOT))


def files(*suffixes: str, below: tuple[str, ...] = ()) -> list[Path]:
    """Return the files with one of the ``suffixes``, in the top folders ``below`` if given."""
    return [
        path
        for path in own_files()
        if path.suffix in suffixes and (not below or path.relative_to(ROOT).parts[0] in below)
    ]


def app_python() -> list[Path]:
    """Return the Python files of the apps, migrations included."""
    return files(".py", below=APPS)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Give (line, dotted name) of everything a file imports; ``from a import b`` is ``a.b``."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join((*base, *filter(None, [node.module])))
            for alias in node.names:
                yield node.lineno, f"{start}.{alias.name}"
