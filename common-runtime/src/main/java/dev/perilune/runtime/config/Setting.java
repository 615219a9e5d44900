package dev.perilune.runtime.config;

/**
 * One environment variable as documentation: tests hold READMEs and the compose file against it.
 *
 * @param fallback what applies when the variable is unset; empty when it must be given
 * @param range the values it may take, in words
 */
public record Setting(String name, String fallback, String range, String meaning) {}
