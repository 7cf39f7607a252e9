"""Fuzzing: targets (what is tried, on which input, what must hold), mutations of sound input, and the long run.

`python -m fuzz` in tests/ runs all targets at length; test_fuzz.py runs a little of each.
"""
