"""One engine: connect to it, build and run cases on it, and interpret its messages."""
