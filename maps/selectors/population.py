"""Which population dataset and which boundary set a figure is made with."""

from maps.errors import NoBoundarySetError, NoDatasetError
from maps.models import PopulationDataset
from places.models import BoundarySet
from places.selectors import current_set


def dataset_named(name: str = "") -> PopulationDataset:
    """Return the named dataset, or the current one; raises NoDatasetError."""
    wanted = {"name": name} if name else {"is_current": True}
    found = PopulationDataset.objects.filter(**wanted).first()
    if found is None:
        raise NoDatasetError(named=f" ({name})" if name else "")
    return found


def set_named(name: str = "") -> BoundarySet:
    """Return the named boundary set, or the current one; raises NoBoundarySetError."""
    found = BoundarySet.objects.filter(name=name).first() if name else current_set()
    if found is None:
        raise NoBoundarySetError(named=f" ({name})" if name else "")
    return found
