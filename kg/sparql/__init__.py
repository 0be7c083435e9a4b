"""SPARQL requests as text and values: tokens, the protocol, and the formats of answers. Nothing here does I/O."""
