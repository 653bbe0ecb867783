"""Charts as SVG, in plain Python: one drawer a kind of chart. No figure is made here."""
