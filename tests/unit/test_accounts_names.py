"""A person is called by family name, middle name and given name, in that order."""

import pytest

from accounts.models import User


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [
        ("Nguyễn", "Văn An", "Nguyễn Văn An"),
        ("Nguyễn", "", "Nguyễn"),
        ("", "Văn An", "Văn An"),
        ("", "", "khaosat"),
    ],
)
def test_the_family_name_comes_first(family, given, shown):
    user = User(username="khaosat", last_name=family, first_name=given)
    assert user.display_name() == shown
