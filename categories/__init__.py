"""What an answer is about: taxonomy, places, coding. Pure."""
