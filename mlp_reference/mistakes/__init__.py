"""Typical mistakes, made on purpose: slips with `pen_and_paper`, and wrong layers for a `batch`.

A page of the course shows them. The tests hold each against a gradient check or against
the marking, which takes its hints from here and draws fresh numbers that tell them apart.
"""
