"""A knowledge graph of Norway's public data: harvest, normalise, publish and serve (see README.md)."""

__version__ = "0.1.0"
