"""Identity: one IRI per thing in the default and the inferred graph, whatever forms sources use."""
