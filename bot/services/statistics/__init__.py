"""Files of statistics from others, read to figures: what they are, what their cells say, what their columns mean."""
