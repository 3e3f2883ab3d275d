"""What must always be true (section 10)."""
