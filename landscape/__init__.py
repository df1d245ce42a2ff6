"""How optimizers move over cost surfaces: minima, saddles and plateaus, watched, measured and exported."""
