"""What a run leaves in a folder, with the record of how it was made and of its release."""
