"""Forms: one form per fact, whichever of four generations a source writes it in."""
