"""The syntax of a query as a tree with places; `queries.read_syntax` is the way in."""
