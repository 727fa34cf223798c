"""Fail a whole run in which a named statement of an ``.sql`` file was never executed.

On only where SAFESHORE_SQL_COVERAGE is set, as ./check does: a part of the tests proves nothing.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common import sqlfile

ROOT = Path(__file__).resolve().parent.parent
used: set[str] = set()


class Recorded(dict[str, str]):
    """The statements of one file, which note when one is taken to be run."""

    def __init__(self, path: Path, statements: dict[str, str]) -> None:
        super().__init__(statements)
        self.path = path

    def __getitem__(self, name: str) -> str:
        used.add(label(self.path, name))
        return super().__getitem__(name)


def label(path: Path, name: str) -> str:
    return f"{path.resolve().relative_to(ROOT).as_posix()}: {name}"


def recording(read: Callable[[Path], dict[str, str]]) -> Callable[[Path], dict[str, str]]:
    return lambda path: Recorded(Path(path), read(path))


def all_statements() -> set[str]:
    paths = ROOT.glob("*/sql/*.sql")
    return {label(path, name) for path in paths for name in dict.keys(read_plain(path))}


read_plain = sqlfile.queries


def pytest_configure(config: pytest.Config) -> None:
    sqlfile.queries = recording(read_plain)  # type: ignore[assignment]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist has used."""
    used.update(getattr(node, "workeroutput", {}).get("sql_used", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:
        worker["sql_used"] = sorted(used)
    elif os.environ.get("SAFESHORE_SQL_COVERAGE") and all_statements() - used:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not os.environ.get("SAFESHORE_SQL_COVERAGE"):
        return
    for missing in sorted(all_statements() - used):
        terminalreporter.write_line(f"FAILED no test executes {missing}")
