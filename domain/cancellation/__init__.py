"""Giving seats up, taking them back, swapping and moving them (section 5)."""
