"""The public pages; thin: what they show was prepared when it was published."""
