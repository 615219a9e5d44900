/** Lists, single runs, trees and feedback of runs. */
@NullMarked
package dev.perilune.query.runs;

import org.jspecify.annotations.NullMarked;
