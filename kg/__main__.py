"""`python -m kg`: the command line, for callers that know the interpreter but not where its scripts lie."""

from kg.cli import main

if __name__ == "__main__":
    main()
