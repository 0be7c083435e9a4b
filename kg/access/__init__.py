"""Who asks, and how much they may: addresses, keys and rates."""
