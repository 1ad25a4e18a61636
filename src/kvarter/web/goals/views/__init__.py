"""Pages of the work on editions; thin: what they do is done by actions."""
