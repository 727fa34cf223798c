"""Habits that a reviewer would otherwise have to look for by eye."""

import ast
import re
from collections import defaultdict

import pytest

from tests.architecture.sources import (
    APPS,
    ROOT,
    app_python,
    files,
    imported_modules,
    name_of,
    tree,
)

LINES_MAX = 350
SQL_DOORS = {"execute", "executemany", "raw", "RawSQL", "extra"}


def migrations() -> list:
    found = [path for path in app_python() if path.parent.name == "migrations"]
    return [path for path in found if path.name != "__init__.py"]


def is_view(path) -> bool:
    return path.name == "views.py" or path.parent.name == "views"


def test_views_ask_selectors_and_services_not_managers():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in app_python()
        if is_view(path)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert wrong == []


def is_put_together(node: ast.expr) -> bool:
    """Say whether a text is built at run time: an f-string, ``%``, ``+`` or ``str.format``."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format" and isinstance(node.func.value, ast.Constant)
    return False


def formatted_sql(module: ast.AST) -> list[int]:
    """Return the lines where a statement reaches the database as a text put together."""
    lines = []
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and node.args and is_put_together(node.args[0])):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in SQL_DOORS:
            lines.append(node.lineno)
    return lines


def test_no_statement_is_put_together_from_text():
    wrong = [f"{name_of(p)}:{n}" for p in app_python() for n in formatted_sql(tree(p))]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('cursor.execute(f"SELECT {x}")', 1),
        ('Hazard.objects.raw("SELECT %s" % x)', 1),
        ('cursor.execute("SELECT {}".format(x))', 1),
        ('cursor.execute("SELECT %s", [x])', 0),
        ('cursor.execute(SQL("SELECT {}").format(Identifier(x)))', 0),
    ],
)
def test_the_rule_about_statements_itself(code, found):
    assert len(formatted_sql(ast.parse(code))) == found


def test_migrations_do_not_import_the_apps_they_change():
    """The code of an app moves on; a migration must go on meaning what it meant."""
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in migrations()
        for line, module in imported_modules(path)
        if module.split(".")[0] in APPS
    ]
    assert wrong == []


def test_migrations_have_telling_names_and_numbers_of_their_own():
    numbers = defaultdict(list)
    for path in migrations():
        numbers[path.parent, path.name[:4]].append(path.name)
    assert [name_of(path) for path in migrations() if "_auto_" in path.name] == []
    assert [names for names in numbers.values() if len(names) > 1] == []


def error_codes() -> dict[str, list[str]]:
    """Return {code: [where it is given]} of all classes that look like a DomainError."""
    found = defaultdict(list)
    for path in app_python():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.ClassDef) and node.name.endswith("Error")):
                continue
            for part in node.body:
                target = getattr(part, "target", None) or next(
                    iter(getattr(part, "targets", [])), None
                )
                if getattr(target, "id", "") == "code" and isinstance(part.value, ast.Constant):
                    found[part.value.value].append(f"{name_of(path)}: {node.name}")
    return found


def test_every_error_has_a_code_of_its_own_that_begins_with_its_app():
    codes = error_codes()
    assert codes
    assert {code: where for code, where in codes.items() if len(where) > 1} == {}
    strange = [
        f"{where[0]} has {code}"
        for code, where in codes.items()
        if code.split(".")[0] != where[0].split("/")[0]
    ]
    assert strange == []


def test_no_file_has_grown_too_long():
    code = files(".py", ".js", ".mjs", ".css", ".html", ".sh", ".sql", ".txt")
    code += [ROOT / "start", ROOT / "check"]
    code = [path for path in code if path.parent.name != "migrations"]  # Django writes those
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_MAX} == {}


def test_each_sql_file_names_its_statements():
    for path in files(".sql", below=APPS):
        text = path.read_text(encoding="utf-8")
        assert re.search(r"^-- name: \w+", text, re.MULTILINE), (
            f"{name_of(path)} names no statement"
        )
