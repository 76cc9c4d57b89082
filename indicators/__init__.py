"""The logframe, what the programme counts, the dashboard, and what a donor gets."""
