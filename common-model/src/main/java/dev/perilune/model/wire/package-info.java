/** How events look on the wire: as clients send them and as they travel through Kafka. */
@NullMarked
package dev.perilune.model.wire;

import org.jspecify.annotations.NullMarked;
