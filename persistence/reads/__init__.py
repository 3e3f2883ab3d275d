"""What is asked: queries, pages, and the rules' mirrors in SQL."""
