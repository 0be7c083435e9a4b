"""The commands of `kg` (design §3), one module each: read options, call one domain function, show the result."""
