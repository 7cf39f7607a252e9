"""PDF files made for the purpose: what the reader makes of columns, heads, type, line ends and pages."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract.assembly import extract_document
from extract.document import Document
from extract.errors import ReadError
from extract.readers.pdf import parse_pdf

from .pdf_making import HEIGHT, column, lines, make_pdf, read_pages, texts_of

FIRST = (
    "Between March 2011 and June 2014 the trial enrolled 214 adults with stable disease, and the primary outcome was "
    "reached by 31% of those given the drug and by 45% of those given placebo over a median follow-up of two years."
)
SECOND = (
    "Adverse events were few. Bleeding occurred in nine patients of either group, and no patient died of it; the "
    "authors concluded that the lower dose is safe enough to be tried in people of great age, too."
)
THIRD = "A later report of the same trial gave results at five years and found that the difference had become smaller."


def two_columns(canvas: Canvas) -> None:
    lines(canvas, 54, 60, ["A Trial of Something in Adults"], font="Times-Bold", size=18)
    lines(canvas, 54, 120, ["Introduction"], font="Times-Bold", size=12)
    column(canvas, 318, 140, 240, SECOND)
    column(canvas, 54, 140, 240, FIRST)


def test_columns_are_not_interleaved_whatever_their_order_in_the_file() -> None:
    document = read_pages(two_columns)
    assert texts_of(document, "paragraph") == [FIRST, SECOND]
    assert texts_of(document, "heading") == ["Introduction"]
    assert document.title == "A Trial of Something in Adults"


def headed(number: int, *texts: str):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 54, 30, [f"Journal of Things {2000 + number}; {number}"], size=8)
        lines(canvas, 300, 750, [str(100 + number)], size=8)
        top = 80.0
        for text in texts:
            top = column(canvas, 54, top, 500, text) + 12

    return draw


def test_running_heads_and_page_numbers_stay_out_of_the_text() -> None:
    document = read_pages(two_columns, headed(1, FIRST), headed(2, SECOND), headed(3, THIRD))
    assert not any("Journal of Things" in text for text in texts_of(document, "paragraph"))
    assert "102" in texts_of(document, "furniture")
    assert sum("Journal of Things" in text for text in texts_of(document, "furniture")) == 3


def test_a_paragraph_goes_on_over_the_page_with_its_number_between() -> None:
    words = FIRST.split()
    document = read_pages(two_columns, headed(1, " ".join(words[:20])), headed(2, " ".join(words[20:])))
    assert FIRST in texts_of(document, "paragraph")[-1]


def wrapped(*texts: str):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 54, 100, texts)

    return draw


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (["The drug lowered the fre-", "quency of events in the study."], "The drug lowered the frequency of events"),
        (["This was a double-", "blind study of a drug."], "a double-blind study"),
        (["Patients with EGFR-", "mutated cancer were enrolled."], "EGFR-mutated cancer"),
        (["The interval was 4.4-", "13.9 months after entry."], "4.4-13.9 months"),
        (["They gave high-", "and low-dose treatment."], "high- and low-dose"),
        (["See doi 10.5555/abc.", "2020.001 for the protocol."], "10.5555/abc.2020.001"),
        (["The dose was 5 mg/", "kg on day one of the cycle."], "5 mg/kg"),
    ],
)
def test_words_cut_by_a_line_end(printed: list[str], text: str) -> None:
    assert text in read_pages(wrapped(*printed)).text


def test_the_hyphen_of_a_compound_that_the_document_prints_elsewhere_stays() -> None:
    document = read_pages(wrapped("The long-acting form was used. It was called long-", "acting by the authors."))
    assert document.text.count("long-acting") == 2


def scripts(canvas: Canvas) -> None:
    text = canvas.beginText(54, HEIGHT - 100)
    for piece, rise in (
        ("The dose was 50 mg/m", 0),
        ("2", 4),
        (" in the trial.", 0),
        ("12,14", 4),
        (" It raised VO", 0),
        ("2", -3),
    ):
        text.setFont("Times-Roman", 6.5 if rise else 10)
        text.setRise(rise)
        text.textOut(piece)
    canvas.drawText(text)
    lines(canvas, 54, 120, [FIRST[:80], FIRST[80:160]])


def test_raised_and_lowered_characters() -> None:
    assert "The dose was 50 mg/m² in the trial.¹²,¹⁴ It raised VO₂" in read_pages(scripts).text


def captioned(canvas: Canvas) -> None:
    column(canvas, 54, 60, 500, FIRST)
    for number, words in enumerate(
        ("Records found (n = 120)", "Records screened (n = 88)", "Studies included (n = 9)")
    ):
        canvas.roundRect(200, HEIGHT - 200 - 60 * number, 180, 40, 4)
        canvas.rect(190, HEIGHT - 205 - 60 * number, 6, 6)
        lines(canvas, 210, 170 + 60 * number, [words], font="Helvetica", size=8)
    lines(canvas, 54, 350, ["Figure 1. Flow of the studies."], font="Times-Bold", size=9)
    column(canvas, 54, 400, 500, SECOND)


def test_words_of_a_drawing_are_no_text() -> None:
    document = read_pages(two_columns, captioned)
    assert texts_of(document, "paragraph")[2:] == [FIRST, SECOND]
    assert texts_of(document, "caption") == ["Figure 1. Flow of the studies."]
    assert "Studies included (n = 9)" in texts_of(document, "figure")[0]


def test_a_line_that_begins_with_table_1_is_no_caption() -> None:
    document = read_pages(
        wrapped("The doses that were given are shown in", "Table 1. Overall they were low in all", "groups.")
    )
    assert texts_of(document, "caption") == []


def noted(canvas: Canvas) -> None:
    column(canvas, 54, 60, 500, FIRST)
    top = column(canvas, 54, 400, 500, SECOND)
    canvas.line(54, HEIGHT - 640, 150, HEIGHT - 640)
    lines(canvas, 54, 645, ["* One patient was counted twice."], size=7)
    assert top < 600


def test_notes_at_the_foot_of_a_page() -> None:
    document = read_pages(two_columns, noted)
    assert texts_of(document, "footnote") == ["* One patient was counted twice."]


REFERENCES = [
    f"{number}. Author{chr(64 + number)} B, Other C. A study of things {number}. J Things 20{10 + number}; 1: 1-9."
    for number in range(1, 9)
]


def listed(canvas: Canvas) -> None:
    lines(canvas, 54, 60, ["References"], font="Times-Bold", size=12)
    for number, entry in enumerate(REFERENCES):
        half = entry.index("of things")
        lines(canvas, 54, 90 + 24 * number, [entry[:half]], size=8)
        lines(canvas, 66, 100 + 24 * number, [entry[half:]], size=8)


def test_the_reference_list_is_set_apart_entry_by_entry() -> None:
    document = read_pages(two_columns, listed)
    assert [reference.number for reference in document.references] == list(range(1, 9))
    assert [reference.year for reference in document.references] == list(range(2011, 2019))
    assert document.references[0].first_author == "AuthorA"


def turned(canvas: Canvas) -> None:
    canvas.rotate(90)
    column_top = -60
    for number, text in enumerate((FIRST[:90], FIRST[90:180], SECOND[:90])):
        canvas.drawString(60, column_top - 14 * number, text)


def test_a_page_of_turned_words_is_read_along_its_lines() -> None:
    document = read_pages(turned)
    assert FIRST[:90] in document.text
    box = document.boxes(document.text.index("Between"), document.text.index("Between") + 7)[0].box
    assert box.bottom - box.top > box.x1 - box.x0  # on the page as it is shown the word stands upright


def stamped(canvas: Canvas) -> None:
    column(canvas, 80, 60, 450, FIRST)
    canvas.saveState()
    canvas.translate(40, 100)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Downloaded by a guest on a day")
    canvas.restoreState()


def test_a_stamp_along_the_margin_is_furniture() -> None:
    document = read_pages(two_columns, stamped)
    assert texts_of(document, "paragraph")[2:] == [FIRST]
    assert texts_of(document, "furniture") == ["Downloaded by a guest on a day"]


def counted(canvas: Canvas) -> None:
    for number in range(12):
        lines(canvas, 40, 100 + 12 * number, [str(number + 1)], size=7)
    lines(
        canvas,
        72,
        100,
        [FIRST[at : at + 60] for at in range(0, 180, 60)] + [SECOND[at : at + 60] for at in range(0, 180, 60)],
    )


def test_line_numbers_are_furniture() -> None:
    document = read_pages(counted)
    assert "12" in texts_of(document, "furniture")
    assert not any(text.startswith("1 ") for text in texts_of(document, "paragraph"))


def test_boxes_lie_where_the_words_were_drawn() -> None:
    document = read_pages(wrapped("Nothing here", "but 12 mg of it"))
    start = document.text.index("12 mg")
    (place,) = document.boxes(start, start + 5)
    assert place.page_number == 1
    assert 65 < place.box.x0 < 75
    assert 108 < place.box.top < 118
    assert 118 < place.box.bottom < 128


def test_evidence_has_pages_and_boxes_and_no_offsets_into_the_file() -> None:
    document = read_pages(
        two_columns, headed(1, "In the trial of 214 adults, overall survival was 61% (95% CI 54-68) at 2 years.")
    )
    extraction = extract_document(document)
    row = next(row for row in extraction.outcomes if str(row.value) == "61")
    assert row.page_number == 2
    assert row.source_start is None
    evidence = [each for each in extraction.evidence if each.record_id == row.record_id]
    assert evidence
    assert all(each.page_number == 2 and each.boxes and not each.source_spans for each in evidence)
    assert all(document.text[each.start : each.end] == each.quote for each in evidence)
    assert {mention.page_number for mention in extraction.mentions if mention.quote == "61%"} == {2}


def test_a_page_is_measured_as_it_is_shown() -> None:
    data = make_pdf(wrapped("Some words here"))
    file = pypdfium2.PdfDocument(data)
    file[0].set_rotation(90)
    buffer = io.BytesIO()
    file.save(buffer)
    page = parse_pdf(buffer.getvalue()).pages[0]
    assert (page.width, page.height) == (792, 612)


def test_a_scanned_page_among_others_is_named() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (100, 130), 200))
    document = read_pages(two_columns, lambda canvas: canvas.drawImage(picture, 20, 20, 570, 750))
    assert document.warnings == ("page 2: a picture without a text layer",)


def test_a_file_of_pictures_only_is_an_error_that_says_what_to_do() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (100, 130), 200))
    with pytest.raises(ReadError, match=r"scan\.pdf: page 1: a picture without a text layer.*--ocr"):
        parse_pdf(make_pdf(lambda canvas: canvas.drawImage(picture, 20, 20, 570, 750)), path="scan.pdf")


def unseen(canvas: Canvas) -> None:
    two_columns(canvas)
    canvas.rect(54, 300, 100, 40, fill=0)
    canvas.setFillGray(1)
    lines(canvas, 60, 600, ["Words in white"], font="Courier")


def test_words_that_the_page_does_not_show_are_left_out_and_told() -> None:
    document = read_pages(*[two_columns] * 3, unseen)
    assert "Words in white" not in document.text
    assert document.warnings == ("page 4: 14 characters that the page does not show are left out",)


def test_an_encrypted_file_asks_for_its_password() -> None:
    data = make_pdf(two_columns, encrypt=StandardEncryption("secret", canPrint=0))
    with pytest.raises(ReadError, match=r"review\.pdf: encrypted; give --password"):
        parse_pdf(data, path="review.pdf")
    with pytest.raises(ReadError, match=r"review\.pdf: wrong password"):
        parse_pdf(data, path="review.pdf", password="guess")
    assert parse_pdf(data, password="secret").title == "A Trial of Something in Adults"


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"no file at all", make_pdf(two_columns)[:200]])
def test_what_is_no_pdf_is_one_error(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"bad\.pdf: damaged, or no PDF file"):
        parse_pdf(data, path="bad.pdf")


def test_a_damaged_page_is_left_out_and_told() -> None:
    data = make_pdf(two_columns, two_columns, headed(1, THIRD))
    first = data.index(b"/Type /Page\n") if b"/Type /Page\n" in data else data.index(b"/Type /Page ")
    document = parse_pdf(data[:first] + b"/Type /Pugh" + data[first + 11 :], path="review.pdf")
    assert len(document.pages) == 2
    assert document.warnings[0].startswith("page 1: damaged")


def test_the_same_bytes_give_the_same_document() -> None:
    data = make_pdf(two_columns, captioned, listed)

    def shown(document: Document) -> tuple[object, ...]:
        boxes = [document.boxes(*block.span) for block in document.blocks]
        return document.text, document.blocks, document.references, boxes

    assert shown(parse_pdf(data)) == shown(parse_pdf(data))
