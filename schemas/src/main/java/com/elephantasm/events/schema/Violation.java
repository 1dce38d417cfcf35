package com.elephantasm.events.schema;

/**
 * One thing that is wrong with a value.
 *
 * @param pointer where it stands, as a JSON Pointer (RFC 6901); empty for the whole
 * @param message what is wrong, as the end of a sentence that begins with the field's name
 */
public record Violation(String pointer, String message) {}
