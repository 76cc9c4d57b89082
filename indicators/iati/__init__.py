"""The programme as an activity of IATI 2.03: written, checked by schema, codelists and ruleset, and only then given."""
