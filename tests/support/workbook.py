"""Workbooks as Excel writes them, with the least inside."""

import io
import zipfile
from xml.sax.saxutils import escape


def workbook(*sheets):
    """Sheets of rows of texts, as inline strings: (name, rows)."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("_rels/.rels", '<Relationships><Relationship Id="r" Target="xl/workbook.xml" '
                      'Type="http://x/officeDocument"/></Relationships>')
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"/>'
                        for i, (name, _) in enumerate(sheets, 1))
        book.writestr("xl/workbook.xml", f"<workbook><sheets>{names}</sheets></workbook>")
        links = "".join(f'<Relationship Id="r{i}" Target="worksheets/s{i}.xml" '
                        'Type="http://x/worksheet"/>' for i in range(1, len(sheets) + 1))
        book.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for i, (_, rows) in enumerate(sheets, 1):
            cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
                                              for cell in row) + "</row>" for row in rows)
            book.writestr(f"xl/worksheets/s{i}.xml",
                          f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return data.getvalue()
