//! Text to terms, index to bytes, query to hits.
