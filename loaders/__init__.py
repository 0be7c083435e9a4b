"""Loaders: one module per kind of source, one small protocol, one explicit registry."""
