"""Queries in processes that may die: a fork server, its workers, and the supervisor that the web process calls."""
