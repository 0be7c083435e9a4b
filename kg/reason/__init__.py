"""Reasoning: OWL 2 RL over integers, with proofs (design §1, the arrow after identify)."""
