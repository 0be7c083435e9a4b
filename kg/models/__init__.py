"""Information models as their owners see them: coverage, gaps, impact of a change, comparison."""
