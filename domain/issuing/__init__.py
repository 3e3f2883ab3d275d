"""What earns a credit, and what is granted (section 2)."""
