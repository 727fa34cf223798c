"""Users and the roles they hold."""

import factory

from accounts.models import Membership, User
from accounts.roles import Role
from tests.factories.places import UnitFactory


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    language = "en"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Role.INSPECTOR


def user_with_role(role: Role, unit) -> User:
    """Return a new user who holds ``role`` in ``unit``."""
    return MembershipFactory(role=role, unit=unit).user
