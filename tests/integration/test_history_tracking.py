"""No table of the register is forgotten by the history."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from history.context import Acting
from history.tracking import install, tracked, untracked
from tests.factories.hazards import ResponsibleBodyFactory

APPS = ("places", "accounts", "hazards")


def test_every_table_is_tracked_or_left_out_for_a_reason():
    tables = {
        model._meta.db_table
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    through = {
        name
        for name in tables
        if name in {"accounts_user_groups", "accounts_user_user_permissions"}
    }
    assert tables - through - tracked().keys() - untracked().keys() == set()
    assert all(untracked().values())


@pytest.mark.django_db
def test_triggers_stand_on_each_and_are_put_up_again_when_one_is_missing():
    assert install() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER history_on_update ON hazards_waiver")
        install()
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'history_on_%%'"
            " AND tgrelid = 'hazards_waiver'::regclass",
            [],
        )
        assert cursor.fetchone()[0] == 4


@pytest.mark.django_db
def test_who_acts_is_told_once_a_transaction_whatever_blocks_are_in_it(monkeypatch):
    told = []
    as_json = Acting.as_json
    monkeypatch.setattr(Acting, "as_json", lambda acting: told.append(1) or as_json(acting))

    with transaction.atomic():
        ResponsibleBodyFactory()
        with transaction.atomic(savepoint=False):
            ResponsibleBodyFactory()
        ResponsibleBodyFactory()

    assert len(told) == 1
