package io.waymark.trace.event;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of CBV 2.0. Inside Waymark a value is the bare word ({@code shipping}) or, for values of one's own, a URI
 * outside the CBV's name spaces.
 *
 * @see "CBV 2.0 §7.1 Business Steps, §7.2 Dispositions; EPCIS 2.0 JSON schema"
 */
public enum Vocabulary {
    /** Business steps. */
    BIZ_STEP(
            "urn:epcglobal:cbv:bizstep:",
            "https://ref.gs1.org/cbv/BizStep-",
            "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
                    + "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding "
                    + "inspecting installing killing loading other packing picking receiving removing repackaging "
                    + "repairing replacing reserving retail_selling shipping staging_outbound stock_taking stocking "
                    + "storing transporting unloading unpacking void_shipping sensor_reporting sampling"),
    /** Dispositions. */
    DISPOSITION(
            "urn:epcglobal:cbv:disp:",
            "https://ref.gs1.org/cbv/Disp-",
            "active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit "
                    + "inactive no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold "
                    + "returned sellable_accessible sellable_not_accessible stolen unknown available "
                    + "completeness_verified completeness_inferred conformant container_open mismatch_instance "
                    + "mismatch_class mismatch_quantity needs_replacement non_conformant unavailable"),
    /** Types of business transaction. */
    TRANSACTION_TYPE(
            "urn:epcglobal:cbv:btt:",
            "https://ref.gs1.org/cbv/BTT-",
            "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt");

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cntrl}\"<>\\\\^`{|}]+");

    private final String urn;
    private final String web;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> words;

    Vocabulary(String urn, String web, String words) {
        this.urn = urn;
        this.web = web;
        this.words = Set.of(words.split(" "));
    }

    /** The bare word, however it was spelled (bare, URN or web URI); a foreign URI stays. Unknown words stay as well. */
    public String bare(String value) {
        if (value.startsWith(urn)) {
            return value.substring(urn.length());
        }
        return value.startsWith(web) ? value.substring(web.length()) : value;
    }

    /** Whether a value, already {@link #bare}, may stand in an event: a word of the CBV or a URI outside it. */
    public boolean accepts(String bare) {
        boolean foreign = !bare.startsWith("urn:epcglobal:cbv") && !bare.startsWith(web);
        return words.contains(bare) || (foreign && isUri(bare));
    }

    /** The web URI of a value, as the event hash wants it. */
    public String webUri(String value) {
        String bare = bare(value);
        return words.contains(bare) ? web + bare : value;
    }

    /** Whether text is an absolute URI, as far as events need to know. */
    public static boolean isUri(String text) {
        return URI.matcher(text).matches();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
