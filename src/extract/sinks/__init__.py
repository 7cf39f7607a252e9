"""Sinks: what was extracted goes to files (`tables`), the terminal (`terminal`) or documentation (`markdown`)."""
