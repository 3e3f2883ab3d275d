"""Seats, and what pays them (sections 4 and 4a)."""
