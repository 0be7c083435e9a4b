"""Reasoning: OWL 2 RL over integers, with proofs."""
