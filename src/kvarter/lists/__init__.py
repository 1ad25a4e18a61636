"""The national lists of the Act on social housing, from key figures by place and year."""
