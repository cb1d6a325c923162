package io.waymark.trace.reading;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing a device said: it saw a tag, it scanned a code, or it measured something. */
public sealed interface Reading {
    /** The kinds, for switches. */
    enum Kind {
        /** {@link TagRead}. */
        TAG_READ,
        /** {@link Scan}. */
        SCAN,
        /** {@link Measurement}. */
        MEASUREMENT
    }

    /** Which kind this is. */
    Kind kind();

    /** When it happened. */
    When when();

    /** The business step the device named itself (CBV bare word or URI); it outranks the read point's. */
    @Nullable
    String bizStep();

    /**
     * A radio tag answered a reader.
     *
     * @param code the EPC bank as hexadecimal digits, or any spelling the recogniser knows
     * @param antenna antenna port, from 1
     * @param rssiDbm peak received signal strength, dBm
     */
    record TagRead(
            String code,
            When when,
            @Nullable Integer antenna,
            @Nullable Double rssiDbm,
            @Nullable String bizStep) implements Reading {
        @Override
        public Kind kind() {
            return Kind.TAG_READ;
        }
    }

    /**
     * A code was scanned or typed.
     *
     * @param text what the scanner delivered, control characters included
     * @param amount money taken, in the terminal's currency
     * @param transaction the terminal's own number of the transaction
     * @param quantity how much or how many, for codes of a class or lot
     */
    record Scan(
            String text,
            When when,
            @Nullable BigDecimal amount,
            @Nullable String transaction,
            @Nullable Quantity quantity,
            @Nullable String bizStep)
            implements Reading {
        @Override
        public Kind kind() {
            return Kind.SCAN;
        }
    }

    /**
     * Sensors were read.
     *
     * @param code the thing measured; null when the message names none: the place itself was measured
     * @param codeRequired whether a code that is no identifier spoils the reading; false for fields such as {@code id}
     *     that as often name the sensor
     * @param values at least one
     */
    record Measurement(
            @Nullable String code,
            boolean codeRequired,
            When when,
            List<SensorValue> values,
            @Nullable String bizStep) implements Reading {
        /** Copies the values. */
        public Measurement {
            values = List.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a measurement needs at least one value");
            }
        }

        @Override
        public Kind kind() {
            return Kind.MEASUREMENT;
        }
    }
}
