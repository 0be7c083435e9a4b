"""Text search: one index per generation, built from the default graph, asked by HTTP, SPARQL and the command line."""
