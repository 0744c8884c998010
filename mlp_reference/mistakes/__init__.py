"""Typical mistakes, made on purpose: `pen_and_paper` has slips in the chain, `batch` wrong layers.

A page of the course shows them. The tests hold each against a gradient check or against
the marking, which takes its hints from here and draws fresh numbers that tell them apart.
"""
