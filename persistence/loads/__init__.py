"""What a use case loads before it decides, by noun."""
