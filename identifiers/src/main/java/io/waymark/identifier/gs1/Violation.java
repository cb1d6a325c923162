package io.waymark.identifier.gs1;

/**
 * Why a value breaks its format.
 *
 * @param message the rule and the offending part, a clause that follows "AI 01"
 * @param position index of the offending character in the value
 */
public record Violation(String message, int position) {}
