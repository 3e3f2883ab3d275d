"""Waiting lists (section 6)."""
