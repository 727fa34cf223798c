"""The people of the demo: one login per role, and a surveyor and reviewer of another commune."""

import secrets
from pathlib import Path

from accounts.models import User
from accounts.roles import Role
from accounts.services import grant_role
from places.access import unit_by_code

# (username, given name, family name, role, unit code)
PEOPLE = [
    ("khaosat", "Văn An", "Nguyễn", Role.SURVEYOR, "99006"),
    ("khaosat2", "Thị Bình", "Trần", Role.SURVEYOR, "99012"),
    ("duyet", "Văn Cường", "Lê", Role.REVIEWER, "99006"),
    ("duyet2", "Thị Dung", "Phạm", Role.REVIEWER, "99012"),
    ("kiemtra", "Minh Đức", "Hoàng", Role.INSPECTOR, "99"),
    ("kehoach", "Thị Giang", "Võ", Role.PLANNER, "99"),
    ("quantri", "Thanh Hải", "Đặng", Role.ADMINISTRATOR, "99"),
]


def make_users() -> dict[str, str]:
    """Make the demo's users with random passwords; returns {username: password} of the new ones."""
    passwords = {}
    for username, given, family, role, code in PEOPLE:
        user, made = User.objects.get_or_create(
            username=username, defaults={"first_name": given, "last_name": family}
        )
        if made:
            passwords[username] = "-".join(secrets.token_hex(2) for _ in range(3))
            user.set_password(passwords[username])
            user.save()
        grant_role(actor=None, user=user, role=role, unit=unit_by_code(code))
    return passwords


def write_logins(passwords: dict[str, str], path: Path) -> None:
    """Write the logins so that only the owner of the machine's account can read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    roles = {username: (role, code) for username, _, _, role, code in PEOPLE}
    lines = ["# Logins of the demo. role, unit, user name, password"]
    for username, password in passwords.items():
        role, code = roles[username]
        lines.append(f"{role.value:14} {code:6} {username:10} {password}")
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
