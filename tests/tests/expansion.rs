//! What the smallest expansions weigh, as the compiler counts it.
