"""Waters read from a map's extract and from satellite layers, against counts made otherwise."""

import re
from collections import Counter

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from django.core.management import call_command
from pyproj import Geod
from scipy import ndimage

from candidates import errors
from candidates.loading.jrc import JrcOptions, read_jrc
from candidates.loading.osm import OSM_KEYS, read_osm
from candidates.models import Candidate
from candidates.services.deciding import reject
from hazards.importing.kinds import OSM_KINDS
from maps import water_rasters
from tests.factories.accounts import UserFactory
from tests.factories.maps import write_raster
from tests.factories.places import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory()


WET = [
    [0, 90, 90, 0, 0, 80],
    [0, 0, 90, 0, 0, 80],
    [0, 0, 90, 90, 0, 0],
    [30, 0, 0, 90, 0, 24],
    [30, 0, 255, 90, 90, 0],
]


@pytest.mark.parametrize("strip", [1, 2, 3, 100])
def test_waters_are_whole_wherever_the_strips_end(tmp_path, monkeypatch, strip):
    path = write_raster(tmp_path / "o.tif", WET, dtype="uint8", nodata=None, cell=0.001)
    monkeypatch.setattr(water_rasters.water_strips, "__defaults__", (strip,))
    found = list(read_jrc(path, skipped := Counter(), JrcOptions()))

    cells = sorted(round(shapely.area(one.shape) / 1e-6) for one in found)
    assert cells == [2, 2, 8]  # by hand; 24 % is too little, 255 no data
    assert not skipped
    longest = max(found, key=lambda one: one.area_m2)
    assert (longest.permanence, longest.shape.geom_type) == (0.9, "Polygon")


def test_random_pictures_give_the_waters_that_labelling_all_at_once_gives(tmp_path, monkeypatch):
    rng = np.random.default_rng(5)
    for n in range(12):
        values = (rng.random((17, 23)) < 0.5).astype("uint8") * 60
        path = write_raster(tmp_path / f"{n}.tif", values, dtype="uint8", nodata=None, cell=0.001)
        monkeypatch.setattr(water_rasters.water_strips, "__defaults__", (1 + n,))
        found = list(read_jrc(path, Counter(), JrcOptions(min_cells=1)))
        labels, count = ndimage.label(values)
        sizes = sorted(np.bincount(labels.ravel())[1:].tolist())
        assert sorted(round(shapely.area(one.shape) / 1e-6) for one in found) == sizes
        assert len({one.source_id for one in found}) == count


def test_water_that_is_there_for_few_months_is_left_out_as_paddy(tmp_path):
    path = write_raster(tmp_path / "o.tif", WET, dtype="uint8", nodata=None, cell=0.001)
    months = np.full((5, 6), 12)
    months[:2, 5] = 3
    season = write_raster(tmp_path / "s.tif", months, dtype="uint8", nodata=None, cell=0.001)

    found = list(read_jrc(path, skipped := Counter(), JrcOptions(), seasonality=season))

    assert (len(found), skipped) == (2, {"wet for too few months": 1})


@pytest.mark.parametrize(
    ("values", "raster", "what"),
    [
        ([[0, 101]], {"dtype": "uint8", "nodata": None}, "101 %"),
        ([[0, 50]], {"dtype": "float32"}, "float32"),
        ([[0, 50]], {"dtype": "uint8", "nodata": None, "crs": "EPSG:32648"}, "32648"),
    ],
)
def test_another_raster_is_refused(tmp_path, values, raster, what):
    path = write_raster(tmp_path / "o.tif", values, **raster)
    with pytest.raises(errors.WaterRasterError, match=what):
        list(read_jrc(path, Counter(), JrcOptions()))


def test_the_city_of_helsinki_loads_once(unit, shared_data, capsys):
    path = shared_data / "water/Helsinki.osm.pbf"
    call_command("load_candidates", str(path), "--kind=osm", "--everywhere", "--lang=en")
    first = Candidate.objects.count()
    user = UserFactory()
    reject(candidates=Candidate.objects.all()[:5], reason="outside", actor=user)
    call_command("load_candidates", str(path), "--kind=osm", "--everywhere", "--lang=en")

    assert first == Candidate.objects.count() == len(waters_counted_otherwise(path)) > 10
    assert Candidate.objects.filter(state="rejected").count() == 5
    assert "0 new, 0 changed" in capsys.readouterr().out.splitlines()[-1]


def waters_counted_otherwise(path):
    """Count the features of the extract that carry a water tag of the register, with pyogrio."""
    told = {f"{key}={value}" for (key, value), kind in OSM_KINDS.items() if kind}
    ids = []
    for layer in ("multipolygons", "lines", "points"):
        _, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
        names = pyogrio.read_info(path, layer=layer)["fields"]
        for shape, *row in zip(shapes, *columns, strict=True):
            drawn = shapely.from_wkb(shape, on_invalid="ignore")
            if drawn is None or drawn.is_empty:
                continue  # an outline of which the extract lacks a part
            said = dict(zip(names, row, strict=True))
            tags = {key: said.get(key) for key in OSM_KEYS if said.get(key)}
            tags |= dict(re.findall(r'"([^"]+)"=>"([^"]*)"', said.get("other_tags") or ""))
            if any(f"{key}={tags[key]}" in told for key in OSM_KEYS if tags.get(key)):
                ids.append(said["osm_id"])
    return ids


def test_the_satellite_clip_of_guyana_loads_once(unit, shared_data, capsys):
    path = shared_data / "rasters/gsw_occurrence_60W_10N_clip.tif"
    command = ("load_candidates", str(path), "--kind=jrc", "--everywhere", "--min-occurrence=50")
    call_command(*command, "--lang=en")
    with rasterio.open(path) as source:
        values, place = source.read(1), source.transform
    labels, _ = ndimage.label((values >= 50) & (values <= 100))
    sizes = np.bincount(labels.ravel())[1:]
    kept = np.isin(labels, np.flatnonzero(sizes >= 2) + 1).sum(axis=1)  # cells of each row
    cells_m2 = [
        abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(
            *(place @ (0, row + 1)), *(place @ (1, row))))[0])
        for row in range(len(values))
    ]  # fmt: skip
    area_m2 = float(np.dot(kept, cells_m2))

    assert Candidate.objects.count() == int((sizes >= 2).sum()) > 0
    held_m2 = sum(Candidate.objects.values_list("area_m2", flat=True))
    assert held_m2 == pytest.approx(area_m2, rel=1e-6)
    reject(candidates=Candidate.objects.all(), reason="outside", actor=UserFactory())
    call_command(*command, "--lang=en")
    assert not Candidate.objects.filter(state="new").exists()
    assert "0 new, 0 changed" in capsys.readouterr().out.splitlines()[-1]


def test_shapes_that_cannot_be_used_are_counted_and_left(tmp_path):
    path = tmp_path / "osm.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","properties":{"osm_id":"1","natural":"water"},"geometry":null},'
        '{"type":"Feature","properties":{"osm_id":"2","waterway":"river"},'
        '"geometry":{"type":"LineString","coordinates":[[106,11],[106.1,11]]}},'
        '{"type":"Feature","properties":{"osm_id":"3","natural":"water","intermittent":"yes"},'
        '"geometry":{"type":"Point","coordinates":[106.5,11.5]}}]}'
    )
    found = list(read_osm(path, skipped := Counter()))

    assert [(one.source_id, one.permanence) for one in found] == [("osm/3", 0.5)]
    assert skipped == {"no shape": 1, "waterway=river": 1}
