"""Named queries: a folder of `.rq` files in, questions with typed parameters out.

`front_matter` and `structure` read a file, `query` holds it, `checking` says what is wrong with it, `library` keeps
all of them; `types` and `binding` put a client's values into it, `paging` gives its answer in parts, `rows` turns an
answer into plain values. `openapi` and `shacl` describe the queries to machines.
"""
