"""Tracing a data element through models, concepts, datasets, services and agencies."""
