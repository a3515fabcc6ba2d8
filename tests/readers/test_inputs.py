"""Files that the usual programs write, read by `tellings read`.

Run by `.ci/run` beside `test_exports.py`, which says what is needed.
"""

import pathlib
import subprocess

import pytest
import reportlab
from reportlab.lib import pagesizes, pdfencrypt
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from test_exports import ROOT, TELLINGS, lines

TITLE = "Ministers leave Orlav without a truce"
TEXT = [
    "ORLAV, March 3, 2021 (Norwire) — The foreign ministers of France and Germany left Orlav on Wednesday without a truce, "
    "officials of both countries said, after two days of talks that the host, President Jiri Stastný, had called “the last "
    "occasion” before the winter.",
    "Mr. Stastný said that the talks would go on by telephone. “Nobody has walked out,” he told reporters; the monitors’ chief, "
    "who reads every communiqué twice, was less sure, and pointed to the heavy guns that both sides have brought back to the "
    "river since the cease-fire of October ended.",
    "The two sides have met four times since the spring. They agreed in April to let aid into the town of Maresh and to exchange "
    "prisoners, and in June to the return of the monitors, and kept to neither for longer than a week. "
    "A spokesman of the army would not comment, and referred to its report of Monday, which counts eleven dead.",
] * 6


def write(path, fonts, columns=1, encrypt=None):
    """A report of several pages with a head and a foot, set in columns."""

    def furniture(canvas, document):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, 28.2 * cm, "The Norwire Review")
        canvas.drawString(2 * cm, 1 * cm, f"Page {document.page} of 9")

    width = (17 / columns - 0.4) * cm
    frames = [Frame((2 + i * 17 / columns) * cm, 2 * cm, width, 25 * cm, id=str(i)) for i in range(columns)]
    document = BaseDocTemplate(str(path), pagesize=pagesizes.A4, encrypt=encrypt)
    document.addPageTemplates([PageTemplate("page", frames, onPage=furniture)])
    head = ParagraphStyle("head", fontName=fonts[0], fontSize=18, leading=22, spaceAfter=10)
    body = ParagraphStyle("body", fontName=fonts[1], fontSize=10, leading=13, spaceAfter=6, alignment=4)
    document.build([Paragraph(TITLE, head)] + [Paragraph(text, body) for text in TEXT])


def readings(path, status=0):
    command = [TELLINGS, "read", "--quiet", "--output", "jsonl", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert done.returncode == status, done.stderr
    return lines(done.stdout), done.stderr.decode()


def with_fonts(kind):
    if kind == "standard":
        return ("Helvetica-Bold", "Times-Roman")
    folder = pathlib.Path(reportlab.__file__).parent / "fonts"
    for name in ["Vera", "VeraBd"]:
        pdfmetrics.registerFont(ttfonts.TTFont(name, folder / f"{name}.ttf"))
    return ("VeraBd", "Vera")


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("kind", ["standard", "embedded"])
def test_a_report_as_pdf(tmp_path, kind, columns):
    write(tmp_path / "report.pdf", with_fonts(kind), columns)
    [reading], _ = readings(tmp_path / "report.pdf")
    paragraphs = [line for line in reading["text"].split("\n") if line]
    assert reading["title"] == TITLE and reading["published"]["value"].startswith("2021-03-03")
    assert paragraphs == [TITLE, *TEXT]


def test_a_locked_pdf_is_told(tmp_path):
    write(tmp_path / "locked.pdf", with_fonts("standard"), encrypt=pdfencrypt.StandardEncryption("secret", strength=128))
    found, told = readings(tmp_path / "locked.pdf", 2)
    assert not found and "password" in told


def test_a_pdf_that_may_only_be_read_is_read(tmp_path):
    write(tmp_path / "report.pdf", with_fonts("standard"), encrypt=pdfencrypt.StandardEncryption("", "owner", canCopy=0, strength=128))
    [reading], _ = readings(tmp_path / "report.pdf")
    assert "without a truce" in reading["text"]
