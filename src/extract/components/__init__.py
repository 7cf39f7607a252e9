"""spaCy components, one file each: `find(doc) -> list[Span]` is pure, `__call__` stores its spans in a group.

Registers the one Span extension, `._.value`, which holds a typed value of `extract.values`. A doc made from a
`Document` carries it in `doc.user_data[DOCUMENT]`; a doc made from a plain string counts as one paragraph.
"""

from __future__ import annotations
