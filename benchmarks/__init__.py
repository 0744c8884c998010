"""Benchmarks: each writes a table for a page, with the date and the machine of the measurement."""
