#!/usr/bin/env python
"""Say which words of the pages lack their Vietnamese, app by app; exit code 1 if any does.

Every app's sources are read anew in a temporary copy (as makemessages does), so a message that was
added without a translation is found even if nobody ran makemessages.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = Path("locale/vi/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{[\w.]*(?::[^{}]*)?\}")


def apps() -> list[Path]:
    """Return the folders of the project's own apps."""
    return sorted(path.parent for path in ROOT.glob("*/apps.py"))


def extracted(app: Path, work: Path) -> polib.POFile:
    """Return ``app``'s translations after its sources were read anew in the folder ``work``."""
    copy = work / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("__pycache__", "static", "*.mo"))
    (copy / PO).parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "vi", "--no-wrap"]
    # Without the project's settings, whose apps are not in the copy.
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=copy, env=bare, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"makemessages failed in {app.name}: {done.stderr}")
    return polib.pofile(str(copy / PO)) if (copy / PO).exists() else polib.POFile()


def placeholders(text: str) -> set[str]:
    """Return what the program fills in; how a number is rounded may differ between languages."""
    return {found.split(":")[0].rstrip("}") for found in PLACEHOLDER.findall(text)}


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
    if entry.fuzzy:
        yield "is fuzzy or new"
    elif not all(texts):
        yield "has no translation"
    else:
        known = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        needed = placeholders(entry.msgid_plural or entry.msgid)
        for text in texts:
            if not needed <= placeholders(text) <= known:
                yield f"has other placeholders in Vietnamese: {text!r}"


def faults(app: Path, po: polib.POFile) -> Iterator[str]:
    for entry in po:
        if entry.obsolete:
            continue
        where = entry.occurrences[0][0] if entry.occurrences else "?"
        for fault in entry_faults(entry):
            yield f"{app.name}/{where}: {entry.msgid!r} {fault}"


def conflicts(pos: dict[str, polib.POFile]) -> Iterator[str]:
    """Django merges all apps' words into one catalogue: two answers for one message are chance."""
    seen: dict[tuple[str | None, str], tuple[str, object]] = {}
    for app, po in pos.items():
        for entry in po:
            if not entry.translated():
                continue
            answer = entry.msgstr or tuple(entry.msgstr_plural.values())
            first_app, first = seen.setdefault((entry.msgctxt, entry.msgid), (app, answer))
            if first != answer:
                yield f"{entry.msgid!r} is {first!r} in {first_app} but {answer!r} in {app}"


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        pos = {app.name: extracted(app, Path(work)) for app in apps()}
    found = [fault for name, po in pos.items() for fault in faults(ROOT / name, po)]
    found += conflicts(pos)
    for fault in found:
        print(fault)
    total = sum(len([entry for entry in po if not entry.obsolete]) for po in pos.values())
    print(f"Translations: {total} messages in {len(pos)} apps, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
