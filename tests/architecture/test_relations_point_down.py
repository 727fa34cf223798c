"""A foreign key may be a string, which import contracts cannot see."""

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.architecture.sources import APPS, RANK, app_python, imported_modules, name_of

INSIDE_ONLY = {"views", "forms", "admin", "exports", "sql"}


def relations(model: type[Model]) -> list[tuple[str, str]]:
    """Return (field, app of its target) for each relation that ``model`` declares itself."""
    own: list[Field] = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [(f.name, f.related_model._meta.app_label) for f in own if f.related_model]


def may_point(source: str, target: str) -> bool:
    return source == target or target not in RANK or RANK[target] < RANK[source]


def test_every_relation_points_to_the_same_app_or_a_lower_one():
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in RANK]
    assert models
    wrong = [
        f"{model._meta.label}.{field} -> {target}"
        for model in models
        for field, target in relations(model)
        if not may_point(model._meta.app_label, target)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("hazards", "places", True),
        ("places", "hazards", False),
        ("maps", "surveys", False),
        ("surveys", "maps", False),
        ("accounts", "auth", True),
    ],
)
def test_the_rule_itself(source, target, allowed):
    assert may_point(source, target) is allowed


def test_other_apps_come_in_by_the_front_doors():
    """Views, forms, admin, exports and SQL of an app are for itself alone; config may."""
    wrong = []
    for path in app_python():
        app = name_of(path).split("/")[0]
        for line, module in imported_modules(path):
            target, inside = (*module.split("."), "")[:2]
            foreign = target in APPS and target not in {app, "common"} and app != "config"
            if foreign and inside in INSIDE_ONLY:
                wrong.append(f"{name_of(path)}:{line} imports {module}")
    assert wrong == []
