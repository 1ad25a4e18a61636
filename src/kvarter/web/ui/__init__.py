"""How the site looks: the macros of Det Fælles Designsystem, style, fonts and pictures."""
