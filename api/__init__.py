"""The process: HTTP, identity, settings, wiring and the command line."""
