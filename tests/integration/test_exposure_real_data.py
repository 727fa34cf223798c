"""The national raster and real communes, against exactextract and against the province."""

import json
import math
import shutil
from datetime import date

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.management import call_command

from maps.models import ExposureRun, PopulationDataset
from maps.services.exposure import run_exposure
from maps.services.scene import RunRequest
from places.models import AdminUnit, BoundarySet
from places.services import renumber_tree
from tests.factories.maps import make_hazard, make_set, make_unit
from tests.unit.geomath_oracles import geodesic_circle

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SHARE_OF_ALL = 0.25
MAX_TO_EXACTEXTRACT = 1e-4  # relative, of every commune
MAX_TO_PROVINCE = 1e-4


def load_units(path, boundary_set: BoundarySet, *, level: str, code: str) -> list[AdminUnit]:
    meta, _ids, shapes, columns = pyogrio.raw.read(f"/vsigzip/{path}")
    values = dict(zip(meta["fields"], columns, strict=True))
    rows = []
    for number, wkb in enumerate(shapes):
        shape = GEOSGeometry(memoryview(wkb), srid=4326)
        name = str(values["name"][number])
        rows.append(
            AdminUnit(
                boundary_set=boundary_set, level=level, code=str(values[code][number]), name=name,
                full_name=name, name_plain=name.lower(), valid_from=date(2025, 7, 1),
                geometry=shape if shape.geom_type == "MultiPolygon" else MultiPolygon(shape),
            )
        )  # fmt: skip
    AdminUnit.objects.bulk_create(rows)
    renumber_tree()
    return rows


@pytest.fixture
def dong_nai(shared_data):
    """The 95 communes, the national raster, and the census share of every old district."""
    units = load_units(
        shared_data / "admin/new/dong_nai_communes_full.geojson.gz",
        make_set("dong-nai"), level="commune", code="code",
    )  # fmt: skip
    load_units(
        shared_data / "admin/old/districts_692.geojson.gz",
        make_set("old", is_current=False), level="district", code="district_code",
    )  # fmt: skip
    raster = shared_data / "rasters/vnm_ppp_2020_1km_Aggregated_UNadj.tif"
    call_command("load_population", str(raster), name="vnm-2020")
    call_command(
        "load_child_shares", str(shared_data / "population/census2019_district_age.csv.gz"),
        dataset="vnm-2020", set="old", level="district", code_field="district_code_2019",
        under15_field="pop_0_14", age15to19_field="all_15-19", total_field="total",
    )  # fmt: skip
    return raster, [AdminUnit.objects.get(pk=unit.pk) for unit in units]


def exact_sums(raster_path, shapes) -> np.ndarray:
    import exactextract

    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    with rasterio.open(raster_path) as source:
        found = exactextract.exact_extract(source, features, ["sum"])
    return np.array([row["properties"]["sum"] for row in found])


def test_people_and_children_of_95_communes_agree_with_exactextract(dong_nai, tmp_path):
    raster, units = dong_nai
    make_hazard(units[0], units[0].geometry.point_on_surface)

    _run, figures = run_exposure(request=RunRequest(distances_m=(500,)))

    by_code = {found.unit.code: found for found in figures}
    shapes = [shapely.from_wkb(bytes(unit.geometry.wkb)) for unit in units]
    people = np.array([by_code[unit.code].people for unit in units])
    oracle = exact_sums(raster, shapes)
    np.testing.assert_allclose(people, oracle, rtol=MAX_TO_EXACTEXTRACT)

    whole = exact_sums(raster, [shapely.unary_union(shapes)])[0]
    assert people.sum() == pytest.approx(whole, rel=MAX_TO_PROVINCE)
    children = sum(found.children for found in figures)
    assert 0.20 < children / people.sum() < 0.32  # census 2019: 24 % are under 15
    assert ExposureRun.objects.get().facts["checks"]["people_in_overlaps"] < 1


def test_children_agree_with_exactextract_over_a_raster_of_children(dong_nai, tmp_path):
    """With one share everywhere children are people times it, cell by cell."""
    raster, units = dong_nai
    dataset = PopulationDataset.objects.get()
    dataset.child_shares.update(share=SHARE_OF_ALL)
    children_raster = tmp_path / "children.tif"
    with rasterio.open(raster) as source:
        values = source.read(1).astype("float64")
        values[values != source.nodata] *= SHARE_OF_ALL
        with rasterio.open(children_raster, "w", **source.profile | {"dtype": "float64"}) as target:
            target.write(values, 1)

    _run, figures = run_exposure(request=RunRequest(distances_m=(500,)))

    shapes = [shapely.from_wkb(bytes(unit.geometry.wkb)) for unit in units]
    by_code = {found.unit.code: found.children for found in figures}
    children = np.array([by_code[unit.code] for unit in units])
    np.testing.assert_allclose(children, exact_sums(children_raster, shapes), rtol=1e-4)


def test_the_national_total_is_that_of_the_file_and_of_exactextract(dong_nai):
    raster, _units = dong_nai
    with rasterio.open(raster) as source:
        values = source.read(1, masked=True).astype("float64")
        whole = shapely.box(*source.bounds)
    people = PopulationDataset.objects.get().rasters.get().people_total

    assert people == pytest.approx(97.34e6, abs=0.01e6)  # as the file's publisher gives it
    assert people == pytest.approx(math.fsum(values.compressed()), rel=1e-12)
    assert people == pytest.approx(exact_sums(raster, [whole])[0], rel=1e-4)


def test_age_and_sex_files_go_through_the_whole_chain(shared_data, tmp_path, capsys):
    """Real files by age and sex; no child band was published here, so the bands are named anew."""
    real = {sex: shared_data / f"rasters/wuhan_worldpop_20_{sex}_crop.tif" for sex in "fm"}
    old = {sex: shared_data / f"rasters/wuhan_worldpop_80_{sex}_crop.tif" for sex in "fm"}
    files, counted = [], 0.0
    for age, source in ((0, old), (1, real), (5, real), (10, old), (15, real)):
        for sex in "fm":
            files.append(tmp_path / f"chn_{sex}_{age}_2020.tif")
            shutil.copy(source[sex], files[-1])
            with rasterio.open(files[-1]) as opened:
                band = opened.read(1, masked=True).astype("float64").filled(0.0)
                bounds = opened.bounds
            counted = counted + band * (0.2 if age == 15 else 1.0)
    call_command("load_population", *map(str, files), name="wuhan", current=True)
    boundary_set = make_set("wuhan")
    west, south, east, north = bounds
    middle = (west + east) / 2 + 0.0003
    for code, edges in (("1", (west, south, middle, north)), ("2", (middle, south, east, north))):
        make_unit(boundary_set, code, Polygon.from_bbox(edges))
    unit = AdminUnit.objects.get(boundary_set=boundary_set, code="1")
    pond = make_hazard(unit, Point((west + middle) / 2, (south + north) / 2, srid=4326))

    _run, figures = run_exposure(request=RunRequest(distances_m=(500,)))

    assert sum(found.children for found in figures) == pytest.approx(counted.sum(), rel=1e-9)
    with rasterio.open(files[0]) as opened:
        profile = opened.profile | {"dtype": "float64", "nodata": None}
    with rasterio.open(tmp_path / "under_16.tif", "w", **profile) as target:
        target.write(counted, 1)
    circle = geodesic_circle(pond.geometry.x, pond.geometry.y, 500)
    near = exact_sums(tmp_path / "under_16.tif", [circle])[0]
    assert near > 100
    exposed = sum(found.exposed["any", 500] for found in figures)
    assert exposed == pytest.approx(near, rel=5e-4)


def test_age_bands_of_wuhan_load_but_are_refused_as_children(shared_data, capsys):
    files = sorted((shared_data / "rasters").glob("wuhan_worldpop_*_crop.tif"))

    with pytest.raises(Exception, match="Nothing was loaded"):
        call_command("load_population", *map(str, files), year=2020)
    assert "lack the age bands beginning at 0, 1, 5, 10, 15" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("filename", "options"),
    [
        ("sgp_pop_2015_CN_1km_R2025A_UA_v1.tif", {}),
        ("dominican_ppp_2007_1km_Aggregated.tif", {}),
        ("burundi_worldpop.tif", {"year": 2020, "measures": "total"}),
    ],
)
def test_every_family_loads_with_its_own_no_data(shared_data, filename, options):
    path = shared_data / "rasters" / filename
    call_command("load_population", str(path), **options)

    with rasterio.open(path) as source:
        values = source.read(1, masked=True).astype("float64")
    people = PopulationDataset.objects.get().rasters.get().people_total
    assert people == pytest.approx(float(values.sum()), rel=1e-9)
