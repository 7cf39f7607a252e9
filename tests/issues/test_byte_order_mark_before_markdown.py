"""A byte order mark before `# Title` left the `#` in the text."""

from __future__ import annotations

from extract.readers import parse_text


def test_the_first_heading_is_read() -> None:
    document = parse_text("\ufeff# Asthma in Adults\n\n## Results\n\nSteroids help.\n")
    assert document.text == "Asthma in Adults\nResults\nSteroids help."
