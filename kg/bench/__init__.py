"""The benchmark: catalogue-like data of any size, this service beside the oxigraph server."""
