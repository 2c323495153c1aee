"""What the gate refuses of a file as a whole. Every bad file is made here from a small good one."""

import codecs
import io
import os
import random
import time
import zipfile
from datetime import datetime

import openpyxl
import pytest

from egide.errors import DeliveryRefused
from egide.facts.values import Value
from egide.sources.read import check_file, read_delivery
from support import deliveries
from support.deliveries import GOOD, RECEIVED_ON, csv, csv_text, drawn, found, ods, schema, workbook, xlsx

GARBAGE = random.Random(2026).randbytes(10 * 2**20)


def verdict(path, file_format="xlsx", **how):
    return check_file(path, schema(file_format, **how), RECEIVED_ON)


def rules(path, file_format="xlsx", **how):
    return [defect.rule for defect in verdict(path, file_format, **how).defects]


def zipped(path, change):
    """The same archive with some members changed: `change` maps a dict of members in place."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


# ---- what is read ----


@pytest.mark.parametrize(("make", "file_format"), [(xlsx, "xlsx"), (ods, "ods")])
def test_a_good_workbook_gives_its_facts(tmp_path, make, file_format):
    facts = verdict(make(tmp_path), file_format).or_refuse()
    assert [fact.value for fact in facts] == [
        Value.exact(921),
        Value.exact(893),
        Value.exact(28),
        Value("97.5", "97.5"),
    ]


def test_a_good_csv_gives_the_same_facts_as_the_workbook(tmp_path):
    from_csv = verdict(csv(tmp_path, csv_text()), "csv").or_refuse()
    assert [(f.key, f.value) for f in from_csv] == [(f.key, f.value) for f in verdict(xlsx(tmp_path)).or_refuse()]


def test_a_csv_of_windows_with_semicolons_and_decimal_commas_is_read_when_the_schema_says_so(tmp_path):
    text = csv_text(GOOD.replace("97.5", "97,5"), ";")
    facts = verdict(csv(tmp_path, text, "cp1252"), "csv", encoding="windows-1252", delimiter=";").or_refuse()
    assert facts[3].value == Value("97.5", "97.5")


def test_a_decimal_point_is_refused_in_a_csv_that_announces_decimal_commas(tmp_path):
    path = csv(tmp_path, csv_text(GOOD, ";"))
    assert found(verdict(path, "csv", delimiter=";")) == [(5, "valeur", "number-malformed")]


def test_numbers_and_days_stored_by_a_spreadsheet_come_out_as_one_would_type_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Parcours"
    for row, cell in enumerate(
        [12, 12.0, 0.1 + 0.2, 1e15, datetime(2025, 12, 31), datetime(2025, 12, 31, 8), True, " x "], 1
    ):
        book.active.cell(row, 1, cell)
    book.save(tmp_path / "sdfe.xlsx")
    cells = [row[0] for row in read_delivery(tmp_path / "sdfe.xlsx", schema()).sheets[0].rows]
    assert cells == ["12", "12", "0.3", "1000000000000000", "2025-12-31", "2025-12-31T08:00:00", "VRAI", " x "]


@pytest.mark.parametrize(("make", "file_format"), [(xlsx, "xlsx"), (ods, "ods")])
def test_rows_are_numbered_as_the_spreadsheet_shows_them_empty_ones_included(tmp_path, make, file_format):
    lines = [line for line in GOOD.splitlines() if line.strip()]
    table = "\n".join([lines[0], "| | |", *lines[1:3]]).replace("893", "douze")
    assert found(verdict(make(tmp_path, table), file_format)) == [
        (2, "", "row-blank"),
        (4, "valeur", "number-malformed"),
    ]


def test_the_origin_of_a_fact_holds_the_digest_of_the_bytes_received(tmp_path):
    raw = read_delivery(xlsx(tmp_path), schema())
    assert verdict(xlsx(tmp_path)).source == "sdfe"
    assert len(raw.sha256) == 64


# ---- missing, empty, not a file ----


def test_a_missing_file_is_refused(tmp_path):
    assert rules(tmp_path / "absent.xlsx") == ["file-missing"]


def test_a_folder_is_refused(tmp_path):
    assert rules(tmp_path) == ["file-missing"]


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path):
    os.mkfifo(tmp_path / "sdfe.xlsx")
    assert rules(tmp_path / "sdfe.xlsx") == ["file-missing"]


def test_a_name_no_system_takes_is_refused(tmp_path):
    assert rules(tmp_path / ("é" * 300 + ".xlsx")) == ["file-unreadable"]


@pytest.mark.parametrize("file_format", ["xlsx", "ods", "csv"])
def test_an_empty_file_is_refused(tmp_path, file_format):
    path = tmp_path / f"sdfe.{file_format}"
    path.write_bytes(b"")
    assert rules(path, file_format) == ["file-empty"]


def test_a_refusal_is_a_delivery_refused_with_a_french_message(tmp_path):
    with pytest.raises(DeliveryRefused, match="attendu un fichier rempli, reçu un fichier vide"):
        read_delivery(csv(tmp_path, ""), schema("csv"))


# ---- unreadable workbooks ----


@pytest.mark.parametrize(("make", "file_format"), [(xlsx, "xlsx"), (ods, "ods")])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(tmp_path, make, file_format, kept):
    path = make(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert rules(path, file_format) == ["file-unreadable"]


@pytest.mark.parametrize(("make", "file_format"), [(xlsx, "xlsx"), (ods, "ods")])
def test_a_damaged_workbook_is_read_as_it_was_or_refused_but_never_crashes(tmp_path, make, file_format):
    path = make(tmp_path)
    content, chance = path.read_bytes(), random.Random(1)
    whole = read_delivery(path, schema(file_format)).sheets
    for _ in range(150):
        spoiled = bytearray(content)
        for _ in range(chance.choice([1, 3, 30])):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        path.write_bytes(spoiled)
        try:
            assert read_delivery(path, schema(file_format)).sheets == whole
        except DeliveryRefused as refusal:
            assert len(refusal.defects) == 1


@pytest.mark.parametrize("broken", [b"<worksheet><row", b"", b"\xff\xfe<", b'<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'])
def test_a_sheet_of_broken_xml_is_refused_and_so_is_one_that_declares_entities(tmp_path, broken):
    assert rules(zipped(xlsx(tmp_path), lambda members: members.update({SHEET: broken}))) == ["file-unreadable"]


@pytest.mark.parametrize("lost", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_a_workbook_without_one_of_its_parts_is_refused_or_read_whole(tmp_path, lost):
    report = verdict(zipped(xlsx(tmp_path), lambda members: members.pop(lost)))
    assert report.exit_code == 3 or len(report.facts) == 4


def test_a_password_is_refused_whether_of_a_zip_or_of_a_spreadsheet(tmp_path):
    path = xlsx(tmp_path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "EncryptedPackage".encode("utf-16-le"))
    assert rules(path) == ["file-locked"]
    locked = ods(tmp_path)
    zipped(locked, lambda members: members.update({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}))
    assert rules(locked, "ods") == ["file-locked"]


def test_an_old_xls_under_a_new_name_is_refused(tmp_path):
    path = xlsx(tmp_path)
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))
    assert found(verdict(path)) == [(None, "", "file-format")]


@pytest.mark.parametrize("name", ["sdfe.xls", "sdfe.csv", "sdfe", "sdfe.xlsx.zip"])
def test_a_file_with_another_suffix_is_refused(tmp_path, name):
    assert rules(xlsx(tmp_path).rename(tmp_path / name)) == ["file-format"]


def test_a_file_that_was_only_renamed_is_refused(tmp_path):
    assert rules(ods(tmp_path).rename(tmp_path / "sdfe.xlsx")) == ["file-format"]
    assert rules(xlsx(tmp_path).rename(tmp_path / "sdfe.ods"), "ods") == ["file-format"]
    assert rules(xlsx(tmp_path).rename(tmp_path / "sdfe.csv"), "csv") == ["file-format"]
    assert rules(csv(tmp_path, csv_text()).rename(tmp_path / "sdfe.xlsx")) == ["file-format"]


# ---- size ----


@pytest.mark.parametrize("file_format", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", b"indicateur,periode\r\n"])
def test_ten_megabytes_of_garbage_are_refused_in_no_time(tmp_path, file_format, start):
    path = tmp_path / f"sdfe.{file_format}"
    path.write_bytes(start + GARBAGE)
    began = time.process_time()
    assert len(verdict(path, file_format).defects) == 1
    assert time.process_time() - began < 2


@pytest.mark.parametrize("line", ["a", "a\r\n", ",", '"'])
def test_ten_megabytes_of_readable_garbage_are_refused(tmp_path, line):
    report = verdict(csv(tmp_path, line * (10 * 2**20 // len(line))), "csv")
    assert report.exit_code == 3
    assert len(report.defects) <= 20


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(tmp_path):
    path = tmp_path / "sdfe.csv"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert rules(path, "csv") == ["file-too-big"]


@pytest.mark.parametrize(("make", "file_format", "member"), [(xlsx, "xlsx", SHEET), (ods, "ods", "content.xml")])
def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path, make, file_format, member):
    path = zipped(make(tmp_path), lambda members: members.update({member: b" " * (200 * 2**20)}))
    assert path.stat().st_size < 2**20
    assert rules(path, file_format) == ["file-too-big"]


def test_a_cell_filled_at_the_far_end_of_a_sheet_is_refused_before_the_sheet_unfolds(tmp_path):
    book = workbook({"Parcours": GOOD})
    book.active.cell(row=1_048_576, column=16_384, value=1)
    book.save(tmp_path / "sdfe.xlsx")
    assert rules(tmp_path / "sdfe.xlsx") == ["file-too-big"]


@pytest.mark.parametrize("times", [b"1048576", b"99999999999999", b"-1", b"many"])
def test_a_cell_repeated_without_end_is_refused_before_the_sheet_unfolds(tmp_path, times):
    attribute = b'<table:table-row table:number-rows-repeated="' + times + b'">'
    path = zipped(
        ods(tmp_path),
        lambda members: members.update(
            {"content.xml": members["content.xml"].replace(b"<table:table-row>", attribute)}
        ),
    )
    assert rules(path, "ods")[0] in ("file-too-big", "file-unreadable")


def test_the_empty_rows_every_ods_ends_with_are_no_size_at_all(tmp_path):
    end = (
        b'<table:table-row table:number-rows-repeated="1048570">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    path = zipped(
        ods(tmp_path),
        lambda members: members.update({"content.xml": members["content.xml"].replace(b"</table:table>", end)}),
    )
    assert verdict(path, "ods").accepted


# ---- formulas, errors, percent formats ----


@pytest.mark.parametrize("row", [2, 9])
def test_a_formula_saved_without_its_result_is_refused_as_such(tmp_path, row):
    book = workbook({"Parcours": GOOD})
    book.active.cell(row, 5, "=1+1")
    book.save(tmp_path / "sdfe.xlsx")
    assert (row, "valeur", "cell-formula") in found(verdict(tmp_path / "sdfe.xlsx"))


def test_a_formula_with_its_result_is_read_and_one_that_gives_an_empty_text_too(tmp_path):
    def computed(members):
        xml = members[SHEET].replace(b"<v>921</v>", b"<f>900+21</f><v>921</v>")
        members[SHEET] = xml.replace(b"</row></sheetData>", b'<c r="K5" t="str"><f>""</f><v></v></c></row></sheetData>')

    assert len(verdict(zipped(xlsx(tmp_path), computed)).or_refuse()) == 4


def test_a_formula_of_an_ods_saved_without_its_result_is_refused_as_such(tmp_path):
    def uncomputed(members):
        cell = b'<table:table-cell office:value-type="float" office:value="921"><text:p>921</text:p></table:table-cell>'
        assert cell in members["content.xml"]
        members["content.xml"] = members["content.xml"].replace(cell, b'<table:table-cell table:formula="of:=1+1"/>')

    assert found(verdict(zipped(ods(tmp_path), uncomputed), "ods")) == [(2, "valeur", "cell-formula")]


def test_an_error_of_the_spreadsheet_is_refused_as_such(tmp_path):
    book = workbook({"Parcours": GOOD})
    book.active["E2"] = "#REF!"
    book.active["E2"].data_type = "e"
    book.save(tmp_path / "sdfe.xlsx")
    assert found(verdict(tmp_path / "sdfe.xlsx")) == [(2, "valeur", "cell-error")]


def test_an_error_of_an_ods_is_refused_as_such(tmp_path):
    def erroneous(members):
        before = b'<table:table-cell office:value-type="float" office:value="921"><text:p>921</text:p>'
        after = (
            b'<table:table-cell xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
            b' office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p>'
        )
        assert before in members["content.xml"]
        members["content.xml"] = members["content.xml"].replace(before, after)

    assert found(verdict(zipped(ods(tmp_path), erroneous), "ods")) == [(2, "valeur", "cell-error")]


@pytest.mark.parametrize("shown_as", ["0%", "0.00%", '0.0" "%'])
def test_a_share_stored_as_a_fraction_under_a_percent_format_is_refused_not_divided_by_100(tmp_path, shown_as):
    book = workbook({"Parcours": GOOD})
    book.active["E5"] = 0.975
    book.active["E5"].number_format = shown_as
    book.save(tmp_path / "sdfe.xlsx")
    report = verdict(tmp_path / "sdfe.xlsx")
    assert found(report) == [(5, "valeur", "number-percent")]
    assert report.defects[0].got == "«\u00a097.5%\u00a0»"


def test_a_percentage_of_an_ods_is_refused_likewise(tmp_path):
    def percent(members):
        before, after = b'value-type="float" office:value="97.5"', b'value-type="percentage" office:value="0.975"'
        members["content.xml"] = members["content.xml"].replace(before, after)

    assert found(verdict(zipped(ods(tmp_path), percent), "ods")) == [(5, "valeur", "number-percent")]


# ---- sheets ----


def test_a_missing_sheet_is_refused_with_the_name_it_may_hide_under(tmp_path):
    report = verdict(xlsx(tmp_path, name="parcours "))
    assert [defect.rule for defect in report.defects] == ["sheet-missing", "sheet-extra"]
    assert report.defects[0].got == "la feuille «\u00a0parcours \u00a0»"


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_an_unknown_sheet_is_refused_hidden_or_not(tmp_path, state):
    book = workbook({"Parcours": GOOD, "Brouillon": GOOD})
    book["Brouillon"].sheet_state = state
    book.save(tmp_path / "sdfe.xlsx")
    assert rules(tmp_path / "sdfe.xlsx") == ["sheet-extra"]


def test_a_sheet_the_schema_ignores_is_not_read(tmp_path):
    workbook({"Parcours": GOOD, "Lisez-moi": "bonjour"}).save(tmp_path / "sdfe.xlsx")
    known = deliveries.parse_schema(deliveries.mapping() | {"ignored_sheets": ["Lisez-moi"]})
    assert check_file(tmp_path / "sdfe.xlsx", known, RECEIVED_ON).accepted


def test_a_hidden_sheet_of_the_schema_is_read_as_any_other(tmp_path):
    book = workbook({"Parcours": GOOD, "Lisez-moi": "bonjour"})
    book["Parcours"].sheet_state = "hidden"
    book.save(tmp_path / "sdfe.xlsx")
    assert rules(tmp_path / "sdfe.xlsx") == ["sheet-extra"]


def test_two_sheets_of_one_name_are_refused(tmp_path):
    def twice(members):
        members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b'name="Autre"', b'name="Parcours"')

    workbook({"Parcours": GOOD, "Autre": GOOD}).save(tmp_path / "sdfe.xlsx")
    assert rules(zipped(tmp_path / "sdfe.xlsx", twice)) == ["sheet-duplicated"]


# ---- the text of a CSV ----


def test_utf_8_is_announced_and_windows_bytes_come(tmp_path):
    report = verdict(csv(tmp_path, csv_text(), "cp1252"), "csv")
    assert [defect.rule for defect in report.defects] == ["file-encoding"]
    assert report.defects[0].place == "sdfe.csv, ligne 2"
    assert "l’octet 0xE9" in report.defects[0].got


def test_windows_1252_is_announced_and_utf_8_comes(tmp_path):
    for content in (csv_text(), "\ufeff" + csv_text().replace("é", "e")):
        assert rules(csv(tmp_path, content), "csv", encoding="windows-1252") == ["file-encoding"]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("sent", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_is_refused(tmp_path, encoding, sent):
    assert rules(csv(tmp_path, csv_text(), sent), "csv", encoding=encoding) == ["file-encoding"]


def test_a_byte_windows_1252_does_not_define_is_refused(tmp_path):
    assert rules(csv(tmp_path, b"indicateur\x81\r\n"), "csv", encoding="windows-1252") == ["file-encoding"]


def test_null_bytes_are_refused(tmp_path):
    report = verdict(csv(tmp_path, csv_text().encode() + b"\0"), "csv")
    assert (report.defects[0].rule, report.defects[0].place) == ("file-encoding", "sdfe.csv, ligne 6")


def test_the_mark_excel_puts_before_utf_8_is_accepted(tmp_path):
    assert verdict(csv(tmp_path, codecs.BOM_UTF8 + csv_text().encode()), "csv").accepted


def test_another_delimiter_is_refused_and_named(tmp_path):
    report = verdict(csv(tmp_path, csv_text(delimiter=";")), "csv")
    assert (report.defects[0].rule, report.defects[0].got) == ("file-delimiter", "le point-virgule")


@pytest.mark.parametrize("spoiled", ['"893', '89"3"x,"', '"89"3'])
def test_quotes_that_do_not_close_are_refused(tmp_path, spoiled):
    report = verdict(csv(tmp_path, csv_text().replace("893", spoiled)), "csv")
    assert report.exit_code == 3


def test_the_line_of_an_open_quote_is_given(tmp_path):
    report = verdict(csv(tmp_path, csv_text().replace("893", '"893')), "csv")
    assert (report.defects[0].rule, report.defects[0].place) == ("file-quotes", "sdfe.csv, ligne 3")


def test_rows_shorter_and_longer_than_the_heading_are_refused_with_the_others(tmp_path):
    lines = csv_text().splitlines()
    lines[1] = lines[1].removesuffix(",")
    lines[2] += ",vu"
    lines[3] = lines[3].replace("28", "douze")
    assert found(verdict(csv(tmp_path, "\n".join(lines)), "csv")) == [
        (2, "", "row-short"),
        (3, "", "row-long"),
        (4, "valeur", "number-malformed"),
    ]


def test_a_cell_may_hold_the_delimiter_and_a_line_break_between_quotes(tmp_path):
    content = csv_text().replace("sur les cas connus", '"sur les cas connus, dit ""la source""\nen mars"')
    assert verdict(csv(tmp_path, content), "csv").facts[3].note == 'sur les cas connus, dit "la source"\nen mars'


def test_a_control_character_in_a_cell_is_refused_and_made_visible(tmp_path):
    report = verdict(csv(tmp_path, csv_text().replace("sur les", "sur\x07les")), "csv")
    assert found(report) == [(5, "note", "cell-characters")]
    assert "\\x07" in report.defects[0].got
    assert io.StringIO(report.text()).read().isascii() is False


def test_a_csv_of_a_heading_alone_is_refused(tmp_path):
    assert rules(csv(tmp_path, ",".join(drawn(GOOD)[0])), "csv") == ["sheet-empty"]
