"""The zones of the guidelines fall out of block kinds: what carries mentions and what does not."""

from __future__ import annotations

import pytest
from spacy.language import Language

import extract
from extract.document import ZONES
from extract.readers import parse_text

LONG = "Asthma is a disease of the airways that affects children and adults all over the world. " * 4


def in_zone(article: str, words: str) -> bool:
    document = parse_text(article)
    block = document.block_at(document.text.index(words))
    assert block is not None
    return block.kind in ZONES


@pytest.mark.parametrize(
    "article",
    [
        f"# A Review\n\n## Abstract\n\n{LONG}HERE 5%.\n\n## Introduction\n\n{LONG}",
        f"# A Review\n\nAda Moss\n\n{LONG}HERE 5%.\n\n## Introduction\n\n{LONG}",
        f"# A Review\n\n## Introduction\n\n{LONG}HERE 5%.",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n### HERE and There\n\n{LONG}",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\nTrial\tHERE\nKESTREL\t5\nMARBLE\t6\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\nTable 1 | HERE are the trials\n\nTrial\tN\nKESTREL\t5\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\nFigure 1. HERE is the course of asthma.\n",
        f"# A Review\n\n## 3. Results\n\n{LONG}HERE 5%.",
        f"# A Review\n\n## Conclusions\n\n{LONG}HERE 5%.\n\n## Funding\n\nNone.",
        f"# A Review\n\nINTRODUCTION\n\n{LONG}HERE 5%.",
    ],
    ids=[
        "abstract",
        "abstract without heading",
        "body",
        "heading",
        "header",
        "table caption",
        "figure caption",
        "numbered",
        "end",
        "capitals",
    ],
)
def test_what_carries_mentions(article: str) -> None:
    assert in_zone(article, "HERE")


@pytest.mark.parametrize(
    "article",
    [
        f"# A Review of HERE\n\n## Abstract\n\n{LONG}",
        f"# A Review\n\nAda HERE, Ben Lee\n\n## Abstract\n\n{LONG}",
        f"# A Review\n\nDepartment of Medicine, HERE University, UK\n\n## Abstract\n\n{LONG}",
        f"# A Review\n\nEdited by: HERE Moss\n\n## Abstract\n\n{LONG}",
        f"# A Review\n\nReceived: 5 May 2020 at HERE\n\n## Abstract\n\n{LONG}",
        f"# A Review\n\n## Abstract\n\n{LONG}\n\nKeywords: asthma; HERE\n\n## Introduction\n\n{LONG}",
        f"# A Review\n\n## Abstract\n\n{LONG}\n\n**Keywords:** asthma, HERE\n\n## Introduction\n\n{LONG}",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\nTable 1 | Trials\n\nTrial\tN\nKESTREL\t5\n\nEFS, event-free"
        f" survival; OS, overall survival; HERE, health; N, number.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Author Contributions\n\nHERE wrote it.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Funding\n\nHERE paid it.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Acknowledgements\n\nWe thank HERE.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Acknowledgments\n\nWe thank HERE.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Conflict of Interest\n\nHERE had none.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Declaration of interests\n\nHERE had none.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## Publisher's Note\n\nAll claims are HERE.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n## References\n\n1. HERE A. Asthma. Lung 2019; 1: 2-3.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\nREFERENCES\n\n1. Moss A. Asthma. Lung 2019; 1: 2-3.\n\n2."
        f" HERE A. Asthma. Lung 2018; 1: 2.\n",
        f"# A Review\n\n## Introduction\n\n{LONG}\n\n**Funding:** HERE paid it.\n",
    ],
    ids=[
        "title",
        "authors",
        "affiliation",
        "editor",
        "dates",
        "keywords",
        "bold keywords",
        "legend",
        "contributions",
        "funding",
        "acknowledgements",
        "acknowledgments",
        "conflicts",
        "declaration",
        "publisher",
        "reference",
        "second reference",
        "run-in funding",
    ],
)
def test_what_carries_none(article: str) -> None:
    assert not in_zone(article, "HERE")


def test_mentions_stand_in_zones_only(nlp: Language) -> None:
    article = (
        f"# EFS of 12% in the KESTREL Trial (NCT01234567)\n\nAda Moss\n\nKeywords: EFS; 34%; prednisolone 5 mg\n\n"
        f"## Introduction\n\n{LONG}"
        "EFS was 56% in the KESTREL trial (NCT01234567) with prednisolone 6 mg.\n\n## Funding\n\nGrant"
        " NCT07654321 paid 78%.\n\n"
        "## References\n\n1. Moss A. EFS of 90% with prednisolone 7 mg in KESTREL. Lung 2019; 1: 2-3.\n"
    )
    quotes = [mention.quote for mention in extract.extract_document(parse_text(article), nlp=nlp).promised()]
    assert quotes == ["EFS", "56%", "KESTREL", "NCT01234567", "6 mg"]
