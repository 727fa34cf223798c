"""The running number behind hazard codes, the index for search, and the order's rules as data.

The depth and the months are the product's defaults, to be settled by each province; the order
itself names none.
"""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

ORDER = "Công văn số 2696/UBND-KGVX ngày 07/8/2023"
ORDER_DATE = date(2023, 8, 7)

DEEP_WATER_KINDS = [
    "pond", "farm_tank", "lake", "reservoir_irr", "reservoir_hydro", "dam", "weir", "sluice",
    "canal", "ditch", "pump_sump", "construction", "borrow_pit", "quarry", "ferry_bridge",
    "fire_basin",
]  # fmt: skip

RULES = [
    {
        "rule_code": "deep-water",
        "title_vi": "Nơi nước sâu phải có biển cảnh báo và rào chắn",
        "title_en": "Deep water must carry a warning sign and a barrier",
        "legal_reference": ORDER,
        "kinds": DEEP_WATER_KINDS,
        "duties": ["sign", "barrier"],
        "min_depth_m": 1,
    },
    {
        "rule_code": "open-water-sign",
        "title_vi": "Điểm nguy hiểm trên sông, suối, vùng ngập lũ phải có biển cảnh báo",
        "title_en": "Dangerous river spots and flooded areas must carry a warning sign",
        "legal_reference": "",
        "kinds": ["river_spot", "flood_area"],
        "duties": ["sign"],
        "min_depth_m": 1,
    },
    {
        "rule_code": "well-tank-cover",
        "title_vi": "Giếng, bể, hố chứa nước phải có nắp đậy an toàn",
        "title_en": "Wells, tanks and pits must have a safe cover",
        "legal_reference": "Quyết định số 548/QĐ-LĐTBXH ngày 06/5/2011",
        "kinds": ["well", "tank", "septic_lime"],
        "duties": ["cover"],
        "min_depth_m": None,
    },
]


def add_rules(apps, schema_editor):
    rule_model = apps.get_model("hazards", "ComplianceRule")
    for rule in RULES:
        rule_model.objects.create(valid_from=ORDER_DATE, **rule)


def remove_rules(apps, schema_editor):
    codes = [rule["rule_code"] for rule in RULES]
    rules = apps.get_model("hazards", "ComplianceRule").objects
    rules.filter(rule_code__in=codes, valid_from=ORDER_DATE).delete()


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE SEQUENCE hazards_code_number START 1", "DROP SEQUENCE hazards_code_number"
        ),
        migrations.AddIndex(
            "waterhazard",
            GinIndex(fields=["name_plain"], opclasses=["gin_trgm_ops"], name="hazard_name_search"),
        ),
        migrations.RunPython(add_rules, remove_rules),
    ]
