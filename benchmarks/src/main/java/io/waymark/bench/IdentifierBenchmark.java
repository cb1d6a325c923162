package io.waymark.bench;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognition;
import io.waymark.identifier.Recognizer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a raw scan to its canonical identity: what happens once per tag read. {@link #copy} is the floor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IdentifierBenchmark {
    private static final char GROUP_SEPARATOR = 0x1d;

    /** How the code was written. */
    public enum Carrier {
        /** SGTIN-96 tag memory. */
        EPC_HEX("3074257BF7194E4000001A85"),
        /** GTIN and serial as a web address. */
        DIGITAL_LINK("https://id.gs1.org/01/09506000134352/21/12345?17=271231"),
        /** GTIN, lot and serial from a DataMatrix. */
        ELEMENT_STRING("]d201095060001343521727123110ABC123" + GROUP_SEPARATOR + "2112345"),
        /** An EPC as older systems write it. */
        EPC_URN("urn:epc:id:sgtin:0614141.812345.6789"),
        /** The number below a bar code. */
        BARE_NUMBER("9506000134352"),
        /** A handle. */
        HANDLE("88.118.8/k0000042");

        private final String text;

        Carrier(String text) {
            this.text = text;
        }
    }

    /** Which code. */
    @Param
    private Carrier carrier = Carrier.EPC_HEX;

    /** The identifier and every decoded field. */
    @Benchmark
    public Recognition recognize() throws MalformedIdentifierException {
        return Recognizer.recognize(carrier.text);
    }

    /** Only the name it is known by. */
    @Benchmark
    public String canonical() throws MalformedIdentifierException {
        return Recognizer.recognize(carrier.text).identifier().canonical();
    }

    /** The floor: reading the text once and making a new one of its length. */
    @Benchmark
    public String copy() {
        return new String(carrier.text.toCharArray());
    }
}
