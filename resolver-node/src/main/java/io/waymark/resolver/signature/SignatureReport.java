package io.waymark.resolver.signature;

import java.util.List;

/**
 * What a signature in a record is worth.
 *
 * @param index of the {@code HS_SIGNATURE} value
 * @param issuer who signed, as {@code index:handle}; empty if it cannot be read
 * @param life when it holds
 * @param verified indexes of values that are as they were signed
 * @param changed indexes of values that are not
 * @param missing indexes of values that are gone
 * @param unsigned indexes of public values it says nothing of
 * @param faults why it is worth nothing, for people; none if it is good
 */
public record SignatureReport(
        int index,
        String issuer,
        Claims.Life life,
        List<Integer> verified,
        List<Integer> changed,
        List<Integer> missing,
        List<Integer> unsigned,
        List<String> faults) {
    /** Copies the lists. */
    public SignatureReport {
        verified = List.copyOf(verified);
        changed = List.copyOf(changed);
        missing = List.copyOf(missing);
        unsigned = List.copyOf(unsigned);
        faults = List.copyOf(faults);
    }

    /** Whether what it says of the record is true and said by who may say it. */
    public boolean isGood() {
        return faults.isEmpty();
    }
}
