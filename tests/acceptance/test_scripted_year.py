"""A year in the life of two communes, told month by month, and then asked for again.

Signs are put up and vanish, a rule changes, a waiver is granted, the district tier ends, and looks
are written down late. The figures of each month end are kept when they are made. Afterwards every
one of them comes out again, and each printed list is made again "identical".
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

import pytest
from django.utils import timezone

from hazards.models import ComplianceRule, ResponsibleBody, WaterHazard
from hazards.selectors.filters import HazardFilter
from hazards.selectors.listing import rows_for
from hazards.selectors.reader import office_reader
from hazards.services.assessment import assess, reassess
from hazards.services.inventory import update_hazard
from hazards.services.observations import record_safeguard_state
from hazards.services.printed import check_printed_list, record_printed_list
from hazards.services.safeguards import add_safeguard, remove_safeguard
from hazards.services.waivers import grant_waiver
from hazards.taxonomy import SEEN_GAPS, Lifecycle
from history.services.sealing import seal
from history.services.verifying import verify
from places.models import AdminUnit
from tests.factories.accounts import UserFactory
from tests.factories.hazards import HazardFactory, ResponsibleBodyFactory
from tests.factories.places import BoundarySetFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]
YEAR = 2025
MONTH_ENDS = [date(YEAR, month, {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)) for month in range(1, 13)]  # fmt: skip  # noqa: E501


class Town:
    """What happens in the year; each method is one month's work in the offices."""

    def __init__(self) -> None:
        self.clerk = UserFactory()
        places = count(1)
        self.district = UnitFactory(
            level="district", tree_left=10, tree_right=19, place=next(places)
        )
        self.communes = [
            UnitFactory(parent=self.district, tree_left=left, place=next(places))
            for left in (11, 12)
        ]
        self.company: ResponsibleBody = ResponsibleBodyFactory(name="Công ty Thủy lợi Đồng Nai")
        self.ponds = [
            HazardFactory(
                unit=self.communes[n % 2], name=f"Ao số {n}", registered_on=date(YEAR, 1, 1)
            )
            for n in range(6)
        ]
        assess()

    def look(self, n: int, duty: str, state: str, on: date, **more: object) -> None:
        record_safeguard_state(
            hazard=self.ponds[n], duty=duty, state=state, observed_on=on,
            source_kind="office", actor=self.clerk, **more,
        )  # fmt: skip

    def month_1(self) -> None:
        for n in range(4):
            for duty in ("sign", "barrier"):
                self.look(n, duty, "missing", date(YEAR, 1, 10))

    def month_2(self) -> None:
        self.sign = add_safeguard(hazard=self.ponds[0], kind="sign_warning", actor=self.clerk)
        self.look(0, "sign", "present", date(YEAR, 2, 12), safeguard=self.sign)
        self.look(0, "barrier", "present", date(YEAR, 2, 12))

    def month_3(self) -> None:
        update_hazard(
            hazard=self.ponds[1], actor=self.clerk, name="Hồ Bàu Úm",
            responsible_body=self.company, reason="xác định đơn vị quản lý",
        )  # fmt: skip

    def month_4(self) -> None:  # the sign has gone from its post
        remove_safeguard(safeguard=self.sign, removed_on=date(YEAR, 4, 3), actor=self.clerk)
        self.look(0, "sign", "missing", date(YEAR, 4, 3))

    def month_5(self) -> None:  # a look of February, written down only now
        for duty in ("sign", "barrier"):
            self.look(2, duty, "present", date(YEAR, 2, 20))

    def month_6(self) -> None:
        grant_waiver(
            hazard=self.ponds[3], granted_by=self.clerk, reason="đang san lấp",
            valid_from=date(YEAR, 6, 1), valid_to=date(YEAR, 9, 1),
        )  # fmt: skip

    def month_7(self) -> None:  # the district tier ends: other units, without it
        old = self.district.boundary_set
        type(old).objects.filter(pk=old.pk).update(is_current=False, valid_to=date(YEAR, 7, 1))
        new = BoundarySetFactory(name="units-2025", valid_from=date(YEAR, 7, 1))
        merged = UnitFactory(boundary_set=new, tree_left=30, name="Lộc Mới", place=1)
        WaterHazard.objects.update(unit=merged)
        reassess([pond.pk for pond in self.ponds])

    def month_8(self) -> None:  # the province asks for a sign alone
        ComplianceRule.objects.filter(kinds__contains=["pond"], valid_to=None).update(
            duties=["sign"]
        )
        assess()

    def month_9(self) -> None:
        update_hazard(hazard=self.ponds[4], actor=self.clerk, lifecycle=Lifecycle.FILLED)

    def month_10(self) -> None:
        self.look(5, "sign", "present", date(YEAR, 10, 5))
        self.look(5, "barrier", "damaged", date(YEAR, 10, 5))

    def month_11(self) -> None:  # a mistake of March put right
        self.ponds[1].refresh_from_db()
        update_hazard(hazard=self.ponds[1], actor=self.clerk, name="Hồ Bàu Lùng", kind="lake")

    def month_12(self) -> None:
        self.ponds.append(HazardFactory(unit=AdminUnit.objects.get(name="Lộc Mới")))
        WaterHazard.objects.filter(pk=self.ponds[-1].pk).update(registered_on=date(YEAR, 12, 1))
        assess()


def figures(on: date, known_at: datetime | None) -> dict[str, object]:
    """Return what a monthly report says: counts by verdict, and every row of the list."""
    rows = rows_for(office_reader(), HazardFilter(as_of=on, known_at=known_at))
    listed = [
        (row.hazard.code, row.hazard.name, row.hazard.kind, row.hazard.lifecycle, row.verdict,
         row.commune.full_name, row.body_name, str(row.state.last_observed_on))
        for row in rows.stream()
    ]  # fmt: skip
    return {"counts": rows.verdict_counts(), "rows": listed}


def test_every_month_comes_out_again_as_it_was():
    town = Town()
    kept = []
    for month, day in enumerate(MONTH_ENDS, start=1):
        getattr(town, f"month_{month}")()
        gaps = HazardFilter(as_of=day, verdicts=tuple(map(str, SEEN_GAPS)))
        printed = record_printed_list(
            rows=rows_for(office_reader(), gaps), list_name="noncompliances", file_format="print",
            actor=town.clerk,
        )  # fmt: skip
        kept.append((day, timezone.now(), figures(day, None), printed.code))
        seal()

    by_month = [made["counts"] for _, _, made, _ in kept]
    assert by_month[0] == {"noncompliant": 4, "not_surveyed": 2}
    assert by_month[1] == {"noncompliant": 3, "compliant": 1, "not_surveyed": 2}
    assert by_month[3] == {"noncompliant": 3, "partly": 1, "not_surveyed": 2}
    assert by_month[4] == {"noncompliant": 2, "compliant": 1, "partly": 1, "not_surveyed": 2}
    assert by_month[5] == {"noncompliant": 1, "compliant": 1, "partly": 1, "not_surveyed": 2, "waived": 1}  # fmt: skip  # noqa: E501
    assert sum(by_month[11].values()) == 7
    for day, known_at, made, code in kept:
        assert figures(day, known_at) == made, day
        again = check_printed_list(code)
        assert again.same, (day, again)
    # What was told late changes what is now said of February, and not what was said then.
    february, known_then, then, _ = kept[1]
    assert figures(february, None)["counts"] != then["counts"]
    assert figures(february, known_then)["counts"] == then["counts"]
    assert verify().faults == []
