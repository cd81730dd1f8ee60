"""A worker's home: what waits for him and what his days hold, where a platform has a place for it."""
