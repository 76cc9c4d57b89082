"""The monitoring register: police units, visits, reports, recommendations and what became of them."""
