"""Mutants: wrong oracles made by program, and how many of them the evidence finds.

A mutant is either a small change of the oracle's code, by kind (`kinds.py`), or another value of a behaviour
of a dialect (`values.py`). `python -m tests.mutants` measures how many are found.
"""
