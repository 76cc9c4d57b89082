"""The monitoring register for staff: units and coverage, visits, reports, recommendations, lists from outside."""
