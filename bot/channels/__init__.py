"""Ways in and out: each channel turns its own form of a message into InboundMessage and back."""
