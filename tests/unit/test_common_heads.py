"""Sheets as communes send them: titles above, a head of merged cells, numbered columns."""

import openpyxl
import pytest

from common.heads import find_head, is_numbering
from common.tables import parse_csv, read_xlsx


def commune_sheet(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "ỦY BAN NHÂN DÂN XÃ LỘC NINH"
    sheet["A2"] = "DANH SÁCH AO, HỒ CHƯA CÓ BIỂN BÁO NĂM 2026"
    sheet.merge_cells("A2:F2")
    for cell, text in {"A4": "STT", "B4": "Tên ao, hồ", "C4": "Loại", "D4": "Tọa độ",
                       "D5": "Kinh độ", "E5": "Vĩ độ", "F4": "Độ sâu (m)"}.items():  # fmt: skip
        sheet[cell] = text
    sheet.merge_cells("D4:E4")
    for cell in ("A4:A5", "B4:B5", "C4:C5", "F4:F5"):
        sheet.merge_cells(cell)
    for column in range(1, 7):
        sheet.cell(6, column, f"({column})")
    sheet.append([1, "Ao nhà ông Sáu", "ao", "106,55", "11,75", "2,5"])
    sheet.append([2, "Hồ Đá", "hồ chứa", "106,56", "11,76", None])
    book.save(path)
    return path


def test_a_sheet_of_a_commune_is_read_from_its_real_head(tmp_path):
    table = read_xlsx(commune_sheet(tmp_path / "ao.xlsx"))

    assert table.column_names == [
        "STT", "Tên ao, hồ", "Loại", "Tọa độ Kinh độ", "Tọa độ Vĩ độ", "Độ sâu (m)",
    ]  # fmt: skip
    assert table.texts("Tọa độ Vĩ độ") == ["11,75", "11,76"]
    assert table.rows.tolist() == [7, 8]  # as the sheet numbers them


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([["a", "b"], ["1", "2"]], (0, 1)),
        ([["a"], ["1"]], (0, 1)),
        ([["Danh sách"], ["năm 2026"], ["a", "b", "c"], ["1", "x", "2"]], (2, 1)),
        ([["a", "b", None], ["x", "y", "z"]], (0, 1)),  # a column without a name, and data
        ([["a", "T", None], [None, "X", "Y"], ["1", "2", "3"]], (0, 2)),
        ([["a", "T", None], [None, "1", "2"]], (0, 1)),  # numbers are rows, not names
    ],
)
def test_where_the_head_stands(lines, found):
    assert find_head(lines) == found


def test_plain_files_are_read_as_before():
    table = parse_csv(b"ten,kinh do\nAo,106.5\n", "a.csv")
    assert (table.column_names, table.rows.tolist()) == (["ten", "kinh do"], [2])


def test_a_line_of_numbers_is_told_from_a_row():
    assert is_numbering(["(1)", "(2)"], is_expected=False)
    assert is_numbering(["1", "2"], is_expected=True)
    assert not is_numbering(["1", "2"], is_expected=False)  # a row of a plain table
    assert not is_numbering(["1"], is_expected=True)
    assert not is_numbering(["1", "Ao Sen"], is_expected=True)
