"""What the rules speak of: frozen values."""
