"""Explanations: why a triple holds, by the rules alone, down to what sources have said."""
