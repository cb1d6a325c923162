package io.waymark.trace.capture;

import io.waymark.trace.event.Action;
import io.waymark.trace.event.BizTransaction;
import io.waymark.trace.event.ObjectEvent;
import io.waymark.trace.event.QuantityElement;
import io.waymark.trace.event.SensorElement;
import io.waymark.trace.event.SensorReport;
import io.waymark.trace.event.Subject;
import io.waymark.trace.event.UriText;
import io.waymark.trace.event.Vocabulary;
import io.waymark.trace.reading.Quantity;
import io.waymark.trace.reading.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From an observation at a read point to an EPCIS event. */
public final class Capture {
    private static final String SENSOR_REPORTING = "sensor_reporting";

    private Capture() {}

    /** The event that an observation is. */
    public static ObjectEvent event(Observation observation, ReadPoint at) {
        Reading reading = observation.reading();
        Subject subject = observation.subject();
        return new ObjectEvent(
                reading.when().time(),
                reading.when().offset(),
                instances(subject),
                quantities(subject, reading),
                subject == null ? Action.OBSERVE : at.action(),
                bizStep(observation, at),
                disposition(observation, at),
                at.id(),
                at.bizLocation(),
                transactions(observation),
                sensors(observation));
    }

    private static List<String> instances(@Nullable Subject subject) {
        return subject == null || isClass(subject) ? List.of() : List.of(subject.uri());
    }

    private static List<QuantityElement> quantities(@Nullable Subject subject, Reading reading) {
        return subject != null && isClass(subject) ? List.of(quantity(subject, reading)) : List.of();
    }

    /** A lot or a class. */
    private static boolean isClass(@Nullable Subject subject) {
        return subject != null && subject.level() != Subject.Level.INSTANCE;
    }

    private static QuantityElement quantity(Subject subject, Reading reading) {
        Quantity quantity = reading instanceof Reading.Scan scan ? scan.quantity() : null;
        return quantity == null
                ? new QuantityElement(subject.uri(), null, null)
                : new QuantityElement(subject.uri(), quantity.amount(), quantity.uom());
    }

    /** The device's own word, else the read point's; a measurement of a place is always a report. */
    private static @Nullable String bizStep(Observation observation, ReadPoint at) {
        String own = observation.reading().bizStep();
        if (own != null) {
            return Vocabulary.BIZ_STEP.bare(own);
        }
        boolean placeOnly = observation.subject() == null;
        if (placeOnly) {
            return SENSOR_REPORTING;
        }
        if (at.bizStep() != null) {
            return at.bizStep();
        }
        return sold(observation)
                ? "retail_selling"
                : observation.reading().kind() == Reading.Kind.MEASUREMENT ? SENSOR_REPORTING : null;
    }

    private static @Nullable String disposition(Observation observation, ReadPoint at) {
        if (observation.subject() == null) {
            return null;
        }
        return at.disposition() == null && at.bizStep() == null && sold(observation) ? "retail_sold" : at.disposition();
    }

    /** Money was taken for it. */
    private static boolean sold(Observation observation) {
        return observation.reading() instanceof Reading.Scan scan
                && scan.amount() != null
                && scan.amount().signum() > 0;
    }

    /**
     * A terminal's transaction number, made a URI. A class or lot has no serial that would tell two scans of one
     * millisecond apart, so for these the message itself is the transaction when the terminal gives no number: two bottles
     * sold are two events.
     */
    private static List<BizTransaction> transactions(Observation observation) {
        Reading reading = observation.reading();
        Provenance from = observation.provenance();
        String number = reading instanceof Reading.Scan scan ? scan.transaction() : null;
        if (number != null) {
            return List.of(new BizTransaction(
                    null,
                    "urn:waymark:transaction:" + UriText.encode(from.device(), "") + ':' + UriText.encode(number, "")));
        }
        return isClass(observation.subject())
                        && reading.kind() == Reading.Kind.SCAN
                        && !from.messageId().isEmpty()
                ? List.of(new BizTransaction(null, "urn:waymark:message:" + UriText.encode(from.messageId(), "")))
                : List.of();
    }

    private static List<SensorElement> sensors(Observation observation) {
        if (!(observation.reading() instanceof Reading.Measurement measurement)) {
            return List.of();
        }
        List<SensorReport> reports = measurement.values().stream()
                .map(v -> new SensorReport(v.type(), v.value(), v.uom()))
                .toList();
        return List.of(new SensorElement(
                null, ReadPoints.deviceUri(observation.provenance().device()), reports));
    }
}
