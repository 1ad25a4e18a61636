"""The site: what is published, and who may do what. Comes with the extra `site`."""
