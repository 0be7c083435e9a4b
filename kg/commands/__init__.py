"""The commands of `kg`, one module each: read options, call one domain function, show the result."""
