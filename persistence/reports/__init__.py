"""What the reports tell of one studio, as aggregates: each is one statement, whatever the size of the studio."""
