"""A review with a reference list, and four entries for it."""

from __future__ import annotations

from extract.document import Document, Reference
from extract.readers import parse_text

TOP = "# Asthma\n\n## Introduction\n\nInhaled steroids help.\n\n"
PAGE = (
    "=== page 1 ===\nAsthma\n\nIntroduction\nInhaled steroids help, and they help more in the morning than later.\n\n"
)
HART = "Hart AB, Moss C. Steroids in asthma. Chest. (2019) 4:12-9. doi: 10.5555/chest.2019.012"
LEE = "Lee D, van den Berg E, et al. Asthma in cities. Lancet. (2020) 5:1-7. doi: 10.5555/lancet.2020.001"
NOOR = "Noor F. Spirometry at home. Thorax. (2021) 6:30-8. doi: 10.5555/thorax.2021.030"
OSEI = "Osei G, Pardo H. Cost of asthma. Allergy. (2018) 2:5-9. doi: 10.5555/allergy.2018.005"


def read_list(*lines: str, heading: str = "## References\n\n") -> Document:
    return parse_text(TOP + heading + "\n".join(lines))


def references(*lines: str) -> tuple[Reference, ...]:
    return read_list(*lines).references
