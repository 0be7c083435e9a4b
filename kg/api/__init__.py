"""The HTTP face of the service: handlers read a request into a value, ask, and render."""
