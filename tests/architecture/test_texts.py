"""What may stand in templates, static files, settings and documents."""

import ast
import re

import polib
import pytest

from tests.architecture.sources import APPS, ROOT, files, name_of, own_files, tree

# What a page would fetch from elsewhere by itself. Plain links (<a href>) are the reader's choice.
OUTSIDE = re.compile(
    r"""(?: \bsrc\s*=\s*["']? | \bsrcset\s*=\s*["']? | <link\b[^>]*\bhref\s*=\s*["']?
        | \burl\(\s*["']? | @import\s+["']? | \bimport\b[^;\n]*["'] | \bimport\(\s*["'`]
        | \bfetch\(\s*["'`] | \bsource[M]appingURL= )
        (?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(?:work|home|root|Users|mnt)/[\w.]")
REGISTRY = re.compile(
    "|".join(("py" + r"pi\.org", r"python" + "hosted", "npm" + r"js\.(?:org|com)"))
)
TEXT = {
    "", ".cfg", ".css", ".example", ".html", ".in", ".ini", ".js", ".json", ".lock", ".md", ".mjs",
    ".po", ".py", ".sh", ".sql", ".svg", ".toml", ".txt", ".webmanifest", ".yaml", ".yml",
}  # fmt: skip
ENV_READERS = {"text", "required", "flag", "integer", "megabytes", "words"}


def lines_with(pattern: re.Pattern[str], paths) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def page_files() -> list:
    """Return templates and static files, the vendored ones too."""
    suffixes = {".html", ".css", ".js", ".mjs", ".svg", ".webmanifest"}
    own = [path for path in files(*suffixes, below=APPS) if "tests" not in path.parts]
    vendored = list((ROOT / "common/static/vendor").rglob("*.css"))
    return own + vendored


def test_no_page_fetches_anything_from_outside():
    assert lines_with(OUTSIDE, page_files()) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('<script src="https://cdn.example/x.js"></script>', True),
        ("background: url(//fonts.example/a.woff2)", True),
        ('import { a } from "https://x.example/a.js";', True),
        ('<a href="https://www.openstreetmap.org/copyright">', False),
        ('<svg xmlns="http://www.w3.org/2000/svg">', False),
        ('<link rel="stylesheet" href="/static/site.css">', False),
    ],
)
def test_the_rule_about_outside_itself(line, found):
    assert bool(OUTSIDE.search(line)) is found


def text_files() -> list:
    return [path for path in own_files() if path.suffix in TEXT]


def test_no_file_names_a_folder_of_somebodys_machine():
    assert lines_with(MACHINE_PATH, text_files()) == []


def test_no_file_names_a_package_registry():
    assert lines_with(REGISTRY, text_files()) == []


def environment_names() -> set[str]:
    """Return the names that Python and shell code read from the environment on purpose."""
    names: set[str] = set()
    for path in files(".py", below=(*APPS, "tests", "scripts", "bench")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, first = ast.unparse(node.func.value), node.args[0]
                reads = (owner == "env" and node.func.attr in ENV_READERS) or (
                    owner == "os.environ" and node.func.attr == "get"
                )
                if reads and isinstance(first, ast.Constant):
                    names.add(str(first.value))
    for path in [*files(".sh"), ROOT / "start", ROOT / "check"]:
        names |= set(re.findall(r"\$\{(SAFESHORE_\w+)", path.read_text(encoding="utf-8")))
    return names - {"CI", "PATH"}  # set by the machine, not by people


def test_every_environment_variable_stands_in_the_example_and_no_other_does():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    assert environment_names() == listed


def catalogues() -> list:
    return [path for path in files(".po", below=APPS) if path.parent.name == "LC_MESSAGES"]


@pytest.mark.parametrize("path", catalogues(), ids=name_of)
def test_every_catalogue_is_complete(path):
    po = polib.pofile(str(path))
    open_ones = [entry.msgid for entry in po if not entry.obsolete and not entry.translated()]
    assert open_ones == []
    assert "nplurals=1; plural=0;" in po.metadata["Plural-Forms"]
