"""How fast Muster is, as ratios to a bare floor measured in the same run on the same machine."""
