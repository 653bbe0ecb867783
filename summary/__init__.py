"""What the answers add up to: the problem picture and its exporters. Pure."""
