"""Findings: what the web around an element says in a sentence each, with the edges that it rests on.

In: a `Web` and the facts of its generation. Out: findings, most telling kind first. Each kind has a module.
"""
