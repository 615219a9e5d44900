package dev.perilune.query.filter;

/** One filter with checked values. */
record FilterLeaf(FilterId id, Condition condition) implements Filter {}
