package dev.perilune.query.runs.export;

import dev.perilune.query.runs.RunLinks;
import dev.perilune.query.runs.RunRow;

/** A run at its place in an export, with all that is said of it. */
record ExportItem(ExportNode node, RunRow run, RunLinks links) {}
