package io.waymark.platform.demo;

/** A step of the story did not happen. Stackless; the message says what was expected and what was found. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message, null, false, false);
    }
}
