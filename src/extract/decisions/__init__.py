"""What people decided about the rows that the program extracted: a log beside the dataset, and what follows from it.

`store` keeps the log, `attaching` finds the rows of a decision again after another run, `folding` says what stands of
each row, `agreement` compares two reviewers, `final` makes the tables, `tables` and `gold` write them. Rows are those
that `extract run` writes in JSON. Imports scipy and pyarrow: import it where it is used.
"""
