"""Work on an edition: several administrations write one edition together, with four eyes on it."""
