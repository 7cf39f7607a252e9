"""Twins: the sample reviews typeset as journal PDFs and written as JATS, to measure the readers against the text."""
