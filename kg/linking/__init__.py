"""Linking information models: candidates with reasons, their score, and what people decide about them."""
