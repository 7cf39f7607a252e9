"""JATS: elements to blocks of their kind, with section, level and element path."""

from __future__ import annotations

import pytest

from extract.document import BlockKind

from .making_jats import META, blocks_of, document_of, in_paragraph, text_of, texts


def test_front_matter() -> None:
    document = document_of("<p>Iron was given.</p>", meta=META)
    assert document.title == "KESTREL: iron in mild anaemia: a randomised trial"
    assert document.doi == "10.5555/kestrel.1"
    assert blocks_of(document) == [
        ("title", "KESTREL: iron in mild anaemia: a randomised trial"),
        ("authors", "Ann B Hart, KESTREL Group"),
        ("front_matter", "Cy Moss"),
        ("front_matter", "¹ Department of Medicine, Uppsala"),
        ("front_matter", "2019;7(2):10-19 doi:10.5555/kestrel.1"),
        ("front_matter", "Received: 3 February 2019"),
        ("front_matter", "© 2019 The authors"),
        ("heading", "Background"),
        ("abstract", "Iron is given often."),
        ("heading", "Results"),
        ("abstract", "Haemoglobin rose in 61%."),
        ("front_matter", "Iron works."),
        ("front_matter", "Keywords: iron; anaemia"),
        ("paragraph", "Iron was given."),
    ]


@pytest.mark.parametrize(
    ("meta", "text"),
    [
        ('<related-object document-id="NCT09990001">Registration</related-object>', "Registration NCT09990001"),
        (
            "<custom-meta-group><custom-meta><meta-name>register</meta-name><meta-value>NCT09990001</meta-value>"
            "</custom-meta></custom-meta-group>",
            "register: NCT09990001",
        ),
        ("</article-meta><notes><p>See NCT09990001.</p></notes><article-meta>", "See NCT09990001."),
    ],
)
def test_registrations_in_the_front_matter(meta: str, text: str) -> None:
    assert blocks_of(document_of("<p>Iron.</p>", meta=meta))[0] == ("front_matter", text)


def test_the_mark_of_a_note_is_no_part_of_the_title() -> None:
    title = '<title-group><article-title>Iron<xref ref-type="fn" rid="n1">*</xref></article-title></title-group>'
    assert document_of("<p>Rare.</p>", meta=title).title == "Iron"


def test_the_parts_of_an_abstract_stand_under_it() -> None:
    document = document_of("<p>Iron.</p>", meta=META)
    sections = [block.section for block in document.blocks if block.kind is BlockKind.ABSTRACT]
    assert sections == [("Abstract", "Background"), ("Abstract", "Results")]


def test_a_titled_abstract_keeps_its_title() -> None:
    document = document_of("<p>Iron.</p>", meta="<abstract><title>Summary</title><p>Iron works.</p></abstract>")
    assert blocks_of(document)[:2] == [("heading", "Summary"), ("abstract", "Iron works.")]
    assert document.blocks[1].section == ("Summary",)


def test_sections_with_levels_and_paths() -> None:
    document = document_of(
        "<sec><label>2</label><title>Methods</title><sec><title>Patients</title><p>Adults.</p></sec><p>Iron.</p></sec>"
        "<sec><title>Results</title><p>Better.</p></sec>"
    )
    told = [
        (block.kind.value, block.level, block.section, document.text[slice(*block.span)]) for block in document.blocks
    ]
    assert told == [
        ("heading", 1, ("2 Methods",), "2 Methods"),
        ("heading", 2, ("2 Methods", "Patients"), "Patients"),
        ("paragraph", None, ("2 Methods", "Patients"), "Adults."),
        ("paragraph", None, ("2 Methods",), "Iron."),
        ("heading", 1, ("Results",), "Results"),
        ("paragraph", None, ("Results",), "Better."),
    ]


def test_every_character_leads_to_its_element() -> None:
    document = document_of(
        "<sec><title>Results</title><p>First 5%.</p><p>Second <bold>6%</bold>.</p>"
        "<table-wrap><table><tr><td>Death</td><td>4</td></tr><tr><td>Fever</td><td>9</td></tr></table></table-wrap></sec>"
    )
    paths = {
        word: document.element(start, start + 1)
        for word in ("Results", "First", "6%", "Fever", "9")
        for start in [document.text.index(word)]
    }
    assert paths == {
        "Results": "/article/body/sec/title",
        "First": "/article/body/sec/p[1]",
        "6%": "/article/body/sec/p[2]",
        "Fever": "/article/body/sec/table-wrap/table/tr[2]/td[1]",
        "9": "/article/body/sec/table-wrap/table/tr[2]/td[2]",
    }


def test_a_float_inside_a_paragraph_comes_after_it() -> None:
    document = document_of(
        "<p>Deaths were <fig><label>Figure 1</label><caption><title>Survival</title><p>By arm.</p></caption></fig>"
        "rare.</p>"
    )
    assert blocks_of(document) == [("paragraph", "Deaths were rare."), ("caption", "Figure 1. Survival. By arm.")]


def test_the_floats_of_a_group_stand_where_the_text_names_them() -> None:
    floats = (
        "<floats-group>"
        '<fig id="f1"><label>Figure 1</label><caption><p>Flow.</p></caption></fig>'
        '<fig id="f2"><label>Figure 2</label><caption><p>Survival.</p></caption></fig>'
        '<fig id="f3"><label>Figure 3</label><caption><p>Never named.</p></caption></fig></floats-group>'
    )
    body = (
        '<sec><title>Results</title><p>See <xref ref-type="fig" rid="f2">figure 2</xref>.</p><p>More.</p></sec>'
        '<sec><title>Discussion</title><p>See <xref ref-type="fig" rid="f1">figure 1</xref> and '
        '<xref ref-type="fig" rid="f2">2</xref>.</p></sec>'
    )
    document = document_of(body, after=floats)
    captions = [
        (document.text[slice(*block.span)], block.section)
        for block in document.blocks
        if block.kind is BlockKind.CAPTION
    ]
    assert captions == [
        ("Figure 2. Survival.", ("Results",)),
        ("Figure 1. Flow.", ("Discussion",)),
        ("Figure 3. Never named.", ()),
    ]


def test_lists_are_paragraphs_and_part_the_one_around_them() -> None:
    document = document_of(
        "<p>Excluded were<list><list-item><label>1.</label><p>children</p></list-item>"
        "<list-item><p>smokers</p></list-item></list>and others.</p>"
    )
    assert texts(document, BlockKind.PARAGRAPH) == ["Excluded were", "1. children", "smokers", "and others."]


def test_boxes_are_sections_of_their_own() -> None:
    document = document_of(
        "<p>Text.</p><boxed-text><caption><title>Research in context</title></caption><p>We searched.</p></boxed-text>"
    )
    assert blocks_of(document)[1:] == [("heading", "Research in context"), ("paragraph", "We searched.")]
    assert document.blocks[-1].section == ("Research in context",)


def test_back_matter_abbreviations_and_appendices() -> None:
    document = document_of(
        "<sec><title>Results</title><p>Better.</p></sec>"
        "<sec><title>Abbreviations</title><p>OS: Overall survival; EFS: Event-free survival.</p></sec>"
        "<sec><title>Authors’ contributions</title><p>None.</p></sec>",
        back="<ack><title>Acknowledgements</title><p>We thank all.</p></ack>"
        "<glossary><title>List of abbreviations</title><def-list><def-item><term>OS</term><def><p>Overall survival</p>"
        "</def></def-item></def-list></glossary>"
        '<fn-group><fn fn-type="con"><p>AH wrote it.</p></fn></fn-group>'
        "<sec><title>Trial registration</title><p>NCT09990001</p></sec>"
        "<app-group><app><title>Search terms</title><p>Iron AND trial.</p></app></app-group>",
    )
    assert blocks_of(document)[2:] == [
        ("front_matter", "Abbreviations"),
        ("legend", "OS: Overall survival; EFS: Event-free survival."),
        ("back_matter", "Authors' contributions"),
        ("back_matter", "None."),
        ("back_matter", "Acknowledgements"),
        ("back_matter", "We thank all."),
        ("front_matter", "List of abbreviations"),
        ("legend", "OS: Overall survival"),
        ("back_matter", "AH wrote it."),
        ("heading", "Trial registration"),
        ("paragraph", "NCT09990001"),
        ("heading", "Search terms"),
        ("paragraph", "Iron AND trial."),
    ]


def test_a_statement_inside_the_methods_is_body() -> None:
    document = document_of(
        "<sec><title>Methods</title><sec><title>Role of the funding source</title><p>None.</p></sec></sec>"
    )
    assert blocks_of(document)[-1] == ("paragraph", "None.")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("50 mg/m<sup>2</sup> daily", "50 mg/m² daily"),
        ("10<sup>9</sup>/L", "10⁹/L"),
        ("10<sup>−6</sup>", "10⁻⁶"),
        ("CD34<sup>+</sup> cells", "CD34⁺ cells"),
        ("CO<sub>2</sub>", "CO₂"),
        ("C<sub>max</sub>", "Cmax"),
        ("the 25<sup>th</sup> percentile", "the 25th percentile"),
        (f"<sup>{'small words ' * 5}</sup>", ("small words " * 5).strip()),
        ("<bold>5</bold>%", "5%"),
        ("0·79 (0·69–0·90)", "0.79 (0.69-0.90)"),
        ("costs $5, *P*, a_b, 5 &lt; 6, &lt;i&gt; and \\beta", "costs $5, *P*, a_b, 5 < 6, <i> and \\beta"),
        ("**bold** and &amp;amp; and $x$ stay", "**bold** and &amp; and $x$ stay"),
        ("two\n   lines\tand<break/>more", "two lines and more"),
        ("soft\u00adhyphen and \ufb01sh", "softhyphen and fish"),
        ("a<!-- note --> b<?pi x?>", "a b"),
    ],
)
def test_characters(words: str, text: str) -> None:
    assert in_paragraph(words) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("prognosis.<sup>{1}</sup> However", "prognosis.¹ However"),
        ("prognosis <sup>{1}, {2}</sup> However", "prognosis¹, ² However"),
        ("prognosis<sup>{1}–{3}</sup>", "prognosis¹⁻³"),
        ("30 kg/m<sup>2</sup><sup>{12}</sup> or", "30 kg/m²,¹² or"),
        ("trials [{1}, {2}–{5}]", "trials [1, 2-5]"),
        ("trials ({1})", "trials (1)"),
        ("trials <sup>[{1}]</sup>", "trials [1]"),
        ("trials.{1} However", "trials.¹ However"),
        ("trials.{1}, {2} However", "trials.¹, ² However"),
        ("trials{1}–{3} show", "trials¹⁻³ show"),
        ("reference {1} shows", "reference 1 shows"),
        ("by {Hart 2019}", "by Hart 2019"),
    ],
)
def test_citations_are_told_from_exponents(words: str, text: str) -> None:
    cited = words.replace("{", '<xref ref-type="bibr" rid="b1">').replace("}", "</xref>")
    assert in_paragraph(cited) == text


def test_a_citation_raised_inside_its_link() -> None:
    assert in_paragraph('trials.<xref ref-type="bibr" rid="b1"><sup>4</sup></xref> So') == "trials.⁴ So"


def test_footnote_marks_join_no_figure() -> None:
    assert in_paragraph('17<xref ref-type="table-fn" rid="t1">a</xref> of 30') == "17ᵃ of 30"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        (
            '<ext-link xlink:href="https://clinicaltrials.gov/ct2/show/NCT09990001">the register</ext-link>',
            "(NCT09990001)",
        ),
        ('<ext-link xlink:href="https://clinicaltrials.gov/ct2/show/NCT09990001">NCT09990001</ext-link>', ""),
        ('<uri xlink:href="https://example.org/x">the page</uri>', ""),
    ],
)
def test_a_registry_number_that_only_a_link_has(link: str, text: str) -> None:
    words = in_paragraph(f"Registered in {link}.")
    assert words.count("NCT09990001") == ("NCT" in link)
    assert text in words


MATH = (
    "<inline-formula><alternatives><mml:math><mml:mi>n</mml:mi><mml:mo>=</mml:mo><mml:mn>54</mml:mn></mml:math>"
    "<tex-math>$n=54$</tex-math></alternatives></inline-formula>"
)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (MATH, "n = 54"),
        ("<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>", "x²"),
        (
            "<mml:math><mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mi>b</mml:mi></mml:mrow>"
            "<mml:mi>c</mml:mi></mml:mfrac></mml:math>",
            "(a + b)/c",
        ),
        (
            "<mml:math><mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0</mml:mn><mml:mo>.</mml:mo><mml:mn>05</mml:mn>"
            "</mml:math>",
            "p < 0.05",
        ),
        ("<mml:math><mml:mo>−</mml:mo><mml:mn>3</mml:mn></mml:math>", "-3"),
        ("<mml:math><mml:msqrt><mml:mi>n</mml:mi></mml:msqrt></mml:math>", "√(n)"),
        ("<mml:math><mml:msub><mml:mi>C</mml:mi><mml:mi>max</mml:mi></mml:msub></mml:math>", "C_max"),
        (
            "<tex-math>\\documentclass{minimal}\\begin{document}$$P \\le 0.05$$\\end{document}</tex-math>",
            "P ≤ 0.05",
        ),
        ("<tex-math>$\\frac{a}{b}$</tex-math>", "a/b"),
    ],
)
def test_formulae_are_text(formula: str, text: str) -> None:
    assert in_paragraph(f"It was {formula} here") == f"It was {text} here"


def test_footnotes_stand_after_their_paragraph() -> None:
    document = document_of("<p>Iron<fn><label>*</label><p>As sulphate.</p></fn> was given.</p>")
    assert blocks_of(document) == [("paragraph", "Iron was given."), ("footnote", "* As sulphate.")]


def test_supplements_are_back_matter() -> None:
    document = document_of(
        "<p>Text.</p><supplementary-material><label>File 1</label><caption><p>Table S1.</p></caption>"
        "</supplementary-material>"
    )
    assert blocks_of(document)[-1] == ("back_matter", "File 1. Table S1.")


def test_words_between_blocks_are_kept() -> None:
    assert text_of("<sec>Loose <title>Results</title><p>Rare.</p> words.</sec>") == "Results\nLoose\nRare.\nwords."


def test_words_in_what_has_no_reader_are_kept() -> None:
    assert text_of("<sec><title>Results</title><unknown>Odd <i>words</i> stay.</unknown></sec>").endswith(
        "Odd words stay."
    )
