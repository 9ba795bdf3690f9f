//! The small summary of every policy that the app filters and sorts.
