"""What is published: editions prepared as pages, and the pages themselves."""
