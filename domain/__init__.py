"""The rules of a studio: frozen values in, a decision out. Standard library only."""
