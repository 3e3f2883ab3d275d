"""What can be done: one file for each of the domain's services, thin resolvers only."""
