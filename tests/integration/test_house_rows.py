"""A test that empties the tables leaves the rows of the migrations to the next one."""

import pytest
from django.contrib.contenttypes.models import ContentType

from hazards.models import ComplianceRule


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_tables_are_emptied_but_rules_come_back(run):
    assert ComplianceRule.objects.exists()
    assert ContentType.objects.exists()
    ComplianceRule.objects.all().delete()


@pytest.mark.django_db
def test_the_next_one_has_them_too():
    assert ComplianceRule.objects.exists()
