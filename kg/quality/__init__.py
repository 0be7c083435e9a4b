"""Quality: what is wrong in a generation, for the owners of its sources."""
