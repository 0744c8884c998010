"""Benchmarks: each says what it measured, on what, and writes the table that a page shows."""
