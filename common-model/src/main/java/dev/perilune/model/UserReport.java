package dev.perilune.model;

import org.jspecify.annotations.Nullable;

/**
 * What an event says about the user of the application.
 *
 * @param externalId the application's own id of the user, never empty
 * @param props properties as JSON text of an object, {@code null} if the event brings none
 */
public record UserReport(String externalId, @Nullable String props) {}
