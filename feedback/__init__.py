"""What people say about an event: questionnaires, answers tied to no name, months later whether it was applied."""
