"""What people say about an event: how useful it was, and months later whether they applied it; tied to no name."""
