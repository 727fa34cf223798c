"""What if these waters were protected: a unit's children now and then, while the user waits.

Nothing is taken from an earlier run: raster, register and boundaries count as they stand, so the
answer is always of this moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.scoping import AreaScope
from geomath.credit import Credit
from geomath.live import LiveUnion
from hazards.services.assessment import ensure_fresh
from maps.errors import DistanceOutOfRangeError
from maps.models import PopulationDataset
from maps.selectors.population import dataset_named
from maps.selectors.waters import OpenWater
from maps.services.scene import LEAST_M, MOST_M
from maps.services.what_if_area import area_of
from places.models import AdminUnit

MOST_SUGGESTED: Final = 20


@dataclass(frozen=True)
class Gain:
    """One unprotected water of the reader's area; children of the unit, not rounded.

    reach      near this water;  only_here: of those, near no other one that is still open
    """

    water: OpenWater
    reach: float
    only_here: float


@dataclass(frozen=True)
class WhatIf:
    """Children of one unit near unprotected water, as it is and with some waters protected.

    gains     of the waters still open that the reader may see, the largest first
    others_n  waters of other areas that reach into the unit; counted, not named
    """

    unit: AdminUnit
    within_m: int
    dataset: PopulationDataset
    children: float
    now: float
    then: float
    protected: list[OpenWater]
    gains: list[Gain]
    others_n: int
    registry_revision: str


def what_if(
    *,
    unit: AdminUnit,
    scope: AreaScope,
    within_m: int,
    protected: Collection[str] = (),
    suggest_n: int = 0,
) -> WhatIf:
    """Work out the children of ``unit`` near water, and how many fewer if these were protected.

    protected  codes of hazards; those out of the scope or of the reach are passed over
    suggest_n  tick so many more: each time the one that frees the most, at most 20
    Raises DistanceOutOfRangeError, NoUnitOutlineError, NoDatasetError, AreaTooLargeError.
    """
    if not LEAST_M <= within_m <= MOST_M:
        raise DistanceOutOfRangeError(distance_m=within_m, least_m=LEAST_M, most_m=MOST_M)
    ensure_fresh()
    dataset = dataset_named()
    area = area_of(unit, dataset, within_m)
    mine = [scope.covers(water.hazard.unit.tree_left) for water in area.waters]
    codes = [water.hazard.code for water in area.waters]
    ticked = [n for n, code in enumerate(codes) if mine[n] and code in protected]
    live = area.live.fork()
    now = live.exposed
    live.set_open(ticked, is_open=False)
    credit = area.credit_of(live, ticked)
    for _ in range(min(suggest_n, MOST_SUGGESTED)):
        best = _best(credit, live, mine)
        if best is None:
            break
        ticked.append(best)
        live.set_open([best], is_open=False)
        credit = area.credit_of(live, ticked)
    gains = [
        Gain(water, float(credit.reach[n]), float(credit.only_here[n]))
        for n, water in enumerate(area.waters)
        if mine[n] and live.is_open[n] and credit.reach[n] > 0
    ]
    return WhatIf(
        unit=unit,
        within_m=within_m,
        dataset=dataset,
        children=float(area.children.sum()),
        now=now,
        then=live.exposed,
        protected=[area.waters[n] for n in ticked],
        gains=sorted(gains, key=lambda gain: (-gain.only_here, -gain.reach, gain.water.hazard.pk)),
        others_n=sum(1 for n, own in enumerate(mine) if not own and credit.reach[n] > 0),
        registry_revision=area.revision,
    )


def _best(credit: Credit, live: LiveUnion, mine: Sequence[bool]) -> int | None:
    """The water whose protection frees the most; of equals, the one with the larger share.

    Ponds side by side free nobody one by one; the share leads to them all the same.
    """
    open_n = [n for n, own in enumerate(mine) if own and live.is_open[n] and credit.reach[n] > 0]
    return max(
        open_n,
        key=lambda n: (round(float(credit.only_here[n]), 3), float(credit.equal_share[n])),
        default=None,
    )
