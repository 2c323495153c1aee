"""A one-sheet XLSX with drop-down lists: the same bytes for the same content. Format: ECMA-376, part 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Cell = str | int
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_LONGEST_LIST = 255  # characters of a list written in the rule itself


def workbook(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], lists: Mapping[str, Sequence[str]]
) -> bytes:
    """Header, rows, and for each column named in `lists` the values one may choose. Refuses a list too long to hold."""
    lines = [columns, *rows]
    cells = "".join(
        f'<row r="{number}">{"".join(_cell(value, number, place) for place, value in enumerate(line))}</row>'
        for number, line in enumerate(lines, start=1)
    )
    rules = "".join(_rule(columns.index(column), values, len(lines)) for column, values in lists.items())
    frozen = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
    members = {
        **_FIXED,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{frozen}</sheetViews><sheetData>{cells}</sheetData>'
        + (f'<dataValidations count="{len(lists)}">{rules}</dataValidations>' if lists else "")
        + "</worksheet>",
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for member, xml in members.items():
            info = ZipInfo(member, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + xml)
    return file.getvalue()


def _cell(value: Cell, row: int, place: int) -> str:
    reference = f"{_letters(place)}{row}"
    if isinstance(value, int):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""


def _rule(place: int, values: Sequence[str], last: int) -> str:
    written = ",".join(values)
    if len(written) > _LONGEST_LIST or any("," in value for value in values):
        raise ValueError(f"a list of {len(written)} characters does not fit in a cell's rule")
    area = f"{_letters(place)}2:{_letters(place)}{last}"
    quoted = escape(f'"{written}"')
    return (
        f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{area}">'
        f"<formula1>{quoted}</formula1></dataValidation>"
    )


def _letters(place: int) -> str:
    """Column 0 is A, 26 is AA."""
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)
