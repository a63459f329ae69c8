"""Views of a prediction: its steps for people, and the causes of a difference."""
