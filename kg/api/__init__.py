"""The HTTP face of the service (design §4): handlers read a request into a value, ask, and render."""
