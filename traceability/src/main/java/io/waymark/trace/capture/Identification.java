package io.waymark.trace.capture;

import io.waymark.identifier.EpcBinary;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.trace.event.Subject;
import io.waymark.trace.event.Vocabulary;
import io.waymark.trace.reading.Profile;
import io.waymark.trace.reading.Reading;
import io.waymark.trace.reading.Reason;
import io.waymark.trace.reading.UndecodableException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From a reading to an observation: which thing is it? */
public final class Identification {
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");
    private static final int TAG_DIGITS_MIN = 16;

    private final Recognise recogniser;

    /** Identifies with this recogniser. */
    public Identification(Recognise recogniser) {
        this.recogniser = recogniser;
    }

    /**
     * Identifies the thing a reading is about.
     *
     * @throws UndecodableException {@link Reason#UNRECOGNISED_CODE} or {@link Reason#BAD_BIZ_STEP}
     */
    public Observation identify(Profile profile, Reading reading, Provenance provenance) throws UndecodableException {
        checkBizStep(reading.bizStep());
        return new Observation(subject(profile, reading), profile, reading, provenance);
    }

    private @Nullable Subject subject(Profile profile, Reading reading) throws UndecodableException {
        return switch (reading.kind()) {
            case TAG_READ -> tag(((Reading.TagRead) reading).code(), profile);
            case SCAN -> subject(((Reading.Scan) reading).text());
            case MEASUREMENT -> measured((Reading.Measurement) reading);
        };
    }

    /**
     * Readers report tag bits, which are some identity whatever they hold; elsewhere a field called {@code epc} may hold any
     * spelling, and is tag bits when it is nothing else.
     */
    private Subject tag(String code, Profile profile) throws UndecodableException {
        boolean bits = code.length() % 2 == 0
                && code.length() >= TAG_DIGITS_MIN
                && HEX.matcher(code).matches();
        try {
            boolean surelyBits = profile == Profile.IMPINJ;
            return surelyBits ? tagBits(code) : subject(code);
        } catch (UndecodableException e) {
            if (!bits) {
                throw e;
            }
            return tagBits(code);
        }
    }

    private static Subject tagBits(String hex) throws UndecodableException {
        try {
            return Subject.of(EpcBinary.decode(hex).identifier());
        } catch (MalformedIdentifierException e) {
            throw unrecognised(e);
        }
    }

    private static UndecodableException unrecognised(MalformedIdentifierException e) {
        return new UndecodableException(Reason.UNRECOGNISED_CODE, String.valueOf(e.getMessage()));
    }

    private @Nullable Subject measured(Reading.Measurement measurement) throws UndecodableException {
        String code = measurement.code();
        if (code == null) {
            return null;
        }
        try {
            return subject(code);
        } catch (UndecodableException e) {
            if (measurement.codeRequired()) {
                throw e;
            }
            return null; // a field such as "id" that named the sensor, not a thing
        }
    }

    private Subject subject(String code) throws UndecodableException {
        try {
            return Subject.of(recogniser.recognise(code).identifier());
        } catch (MalformedIdentifierException e) {
            throw unrecognised(e);
        }
    }

    private static void checkBizStep(@Nullable String bizStep) throws UndecodableException {
        if (bizStep != null && !Vocabulary.BIZ_STEP.accepts(Vocabulary.BIZ_STEP.bare(bizStep))) {
            throw new UndecodableException(
                    Reason.BAD_BIZ_STEP,
                    "bizStep \"" + bizStep + "\" is neither a CBV 2.0 word nor a URI of one's own");
        }
    }
}
