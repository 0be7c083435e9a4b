"""Rewrites: forms of a query that the engine answers faster, with the same solutions (see `rewriting`)."""
