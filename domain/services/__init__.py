"""The use cases: load and lock, decide, record. The only async code of the domain."""
