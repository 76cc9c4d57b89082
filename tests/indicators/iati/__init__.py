"""The IATI file against the ruleset as it is published."""
