package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.gs1.CharacterSet;
import io.waymark.identifier.gs1.ValueRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIf;

/** What others published about the same standards; see {@link Vectors}. */
@EnabledIf("io.waymark.identifier.Vectors#present")
class OfficialVectorsTest {
    private static final Map<String, ValueRule> RULES = Map.ofEntries(
            Map.entry("csum", ValueRule.CHECK),
            Map.entry("csumalpha", ValueRule.CHECK_PAIR),
            Map.entry("gcppos1", ValueRule.COMPANY0),
            Map.entry("gcppos2", ValueRule.COMPANY1),
            Map.entry("yymmdd", ValueRule.DATE),
            Map.entry("yymmd0", ValueRule.DATE_OR_MONTH),
            Map.entry("yyyymmdd", ValueRule.LONG_DATE),
            Map.entry("yyyymmd0", ValueRule.LONG_DATE_OR_MONTH),
            Map.entry("hhmi", ValueRule.TIME),
            Map.entry("hh", ValueRule.HOUR),
            Map.entry("mi", ValueRule.MINUTE),
            Map.entry("ss", ValueRule.SECOND),
            Map.entry("iso3166", ValueRule.COUNTRY),
            Map.entry("iso3166999", ValueRule.COUNTRY_OR_MANY),
            Map.entry("iso3166alpha2", ValueRule.COUNTRY_LETTERS),
            Map.entry("iso4217", ValueRule.CURRENCY),
            Map.entry("iso5218", ValueRule.SEX),
            Map.entry("pcenc", ValueRule.PERCENT),
            Map.entry("zero", ValueRule.ZERO),
            Map.entry("nonzero", ValueRule.NON_ZERO),
            Map.entry("nozeroprefix", ValueRule.NO_LEADING_ZERO),
            Map.entry("yesno", ValueRule.YES_NO),
            Map.entry("winding", ValueRule.WINDING),
            Map.entry("pieceoftotal", ValueRule.PIECE_OF_TOTAL),
            Map.entry("posinseqslash", ValueRule.SEQUENCE),
            Map.entry("hyphen", ValueRule.HYPHEN),
            Map.entry("hasnondigit", ValueRule.NON_DIGIT),
            Map.entry("latitude", ValueRule.LATITUDE),
            Map.entry("longitude", ValueRule.LONGITUDE),
            Map.entry("iban", ValueRule.IBAN),
            Map.entry("importeridx", ValueRule.IMPORTER),
            Map.entry("mediatype", ValueRule.MEDIA),
            Map.entry("cset64", ValueRule.BASE64),
            Map.entry("packagetype", ValueRule.PACKAGE_TYPE));
    private static final Map<String, CharacterSet> SETS =
            Map.of("csetnumeric", CharacterSet.N, "cset82", CharacterSet.X, "cset39", CharacterSet.Y);
    /** North American coupons are carried, not looked into. */
    private static final Set<String> NOT_CHECKED = Set.of("couponcode", "couponposoffer");

    private final List<String> failures = new ArrayList<>();
    private int rows;

    private void check(boolean passed, String what) {
        rows++;
        if (!passed) {
            failures.add(what);
        }
    }

    private void report(TestReporter reporter, String table, String... known) {
        reporter.publishEntry(table, (rows - failures.size()) + " of " + rows + " pass");
        assertThat(rows).isPositive();
        assertThat(failures).containsExactlyInAnyOrder(known);
    }

    @Test
    void valueRules(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/linters.tsv")) {
            if (!NOT_CHECKED.contains(row[0])) {
                boolean accepted = accepts(row[0], Vectors.unescape(row[2]));
                check(accepted == row[1].equals("pass"), String.join(" ", row));
            }
        }
        // the published rows expect a look-up of company prefixes that fails; we have none
        report(
                reporter,
                "value rules",
                "gcppos1 fail 1234567 INVALID_GCP_PREFIX *1234567*",
                "gcppos2 fail I1234567 INVALID_GCP_PREFIX I*1234567*");
    }

    private static boolean accepts(String linter, String data) {
        CharacterSet set = SETS.get(linter);
        if (set != null) {
            return set.firstForeign(data) < 0;
        }
        return Objects.requireNonNull(RULES.get(linter), linter).accepts(data);
    }

    @Test
    void elementStrings(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/ai-elementstring-validate.tsv")) {
            String scan = Vectors.unescape(row[2]).replace('^', ElementString.SEPARATOR);
            check(parses(scan) == Boolean.parseBoolean(row[0]), String.join(" ", row));
        }
        report(reporter, "element strings");
    }

    @Test
    void bracketedElementStrings(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/ai-bracketed-parse.tsv")) {
            String scanned = scanned(Vectors.unescape(row[2]));
            boolean passed = Boolean.parseBoolean(row[0]) ? scanned.equals(row[3]) : scanned.isEmpty();
            check(passed, String.join(" ", row) + " gave " + scanned);
        }
        report(reporter, "bracketed element strings");
    }

    private static boolean parses(String scan) {
        try {
            return !ElementString.parse(scan).elements().isEmpty();
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    /** In the tables' notation, a caret for FNC1; empty if refused. */
    private static String scanned(String text) {
        try {
            return '^' + ElementString.parse(text).scanned().replace(ElementString.SEPARATOR, '^');
        } catch (MalformedIdentifierException e) {
            return "";
        }
    }

    @Test
    void associations(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/ai-associations.tsv")) {
            check(associates(row[1], row[2]) == Boolean.parseBoolean(row[0]), String.join(" ", row));
        }
        // unassigned AIs are refused whatever they say
        report(reporter, "associations");
    }

    /** Each row asks for one rule only, so a value that is refused for another reason is read past. */
    private static boolean associates(String rule, String bracketed) {
        try {
            ElementString scan = ElementString.parse(bracketed);
            String problem = scan.associationProblem().orElse("");
            return switch (rule) {
                case "validateAIrepeats" -> true;
                case "validateAImutex" -> !problem.contains("must not stand with");
                default -> problem.isEmpty();
            };
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    @Test
    void digitalLinks(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/dl-parse.tsv")) {
            String scanned = linked(Vectors.unescape(row[4]));
            boolean passed = Boolean.parseBoolean(row[0]) ? scanned.equals(row[5]) : scanned.isEmpty();
            check(passed, String.join(" ", row) + " gave " + scanned);
        }
        // options we do not offer: words for AIs, which the standard dropped, and unassigned AIs
        report(
                reporter,
                "digital links",
                "true false true false https://a/gtin/12312312312333/ser/ABC123 ^011231231231233321ABC123 gave ",
                "true false false true https://example.com/01/09520123456788?99=XYZ&89=ABC123"
                        + " ^010952012345678899XYZ^89ABC123 gave ");
    }

    private static String linked(String uri) {
        try {
            return '^' + DigitalLink.parse(uri).elements().scanned().replace(ElementString.SEPARATOR, '^');
        } catch (MalformedIdentifierException e) {
            return "";
        }
    }

    @Test
    void digitalLinkGeneration(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/dl-generate.tsv")) {
            String stem = row[2].equals("<null>") ? DigitalLink.CANONICAL_STEM : row[2];
            String uri = generated(row[3], stem);
            check(
                    Boolean.parseBoolean(row[0]) ? uri.equals(row[4]) : uri.isEmpty(),
                    String.join(" ", row) + " gave " + uri);
        }
        report(reporter, "digital link generation");
    }

    private static String generated(String bracketed, String stem) {
        try {
            return DigitalLink.of(ElementString.parse(bracketed), stem).uri();
        } catch (MalformedIdentifierException e) {
            return "";
        }
    }

    @Test
    void percentCoding(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/uri-unescape.tsv")) {
            String in = Vectors.unescape(row[0]);
            check(PercentCoding.decode(in, false).equals(Vectors.unescape(row[1])), "path " + row[0]);
            check(PercentCoding.decode(in, true).equals(Vectors.unescape(row[2])), "query " + row[0]);
        }
        for (String[] row : Vectors.rows("gs1-vectors/uri-escape.tsv")) {
            StringBuilder out = new StringBuilder();
            PercentCoding.append(out, Vectors.unescape(row[0]));
            check(out.toString().equals(row[1]), "escape " + row[0]);
        }
        report(reporter, "percent coding");
    }

    @Test
    void scans(TestReporter reporter) {
        for (String[] row : Vectors.rows("gs1-vectors/scandata-process.tsv")) {
            String scan = Vectors.unescape(row[1]);
            if (isGs1Scan(scan)) {
                check(recognised(scan) == Boolean.parseBoolean(row[0]), String.join(" ", row));
            }
        }
        report(reporter, "scans");
    }

    /** Plain symbols may hold anything; only those that promise GS1 data can be wrong. */
    private static boolean isGs1Scan(String scan) {
        return ElementString.hasSymbology(scan) || scan.startsWith("]E") || scan.length() < 3;
    }

    private static boolean recognised(String scan) {
        try {
            return !Recognizer.recognize(scan).fields().isEmpty();
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    @Test
    void tagBits(TestReporter reporter) throws Exception {
        for (String[] row : Vectors.rows("epc-vectors/tds23-annexE3.tsv")) {
            if (row[2].isEmpty()) {
                continue; // GID and ADI are no GS1 keys
            }
            String identity = EpcBinary.decode(row[5] + "0".repeat((4 - row[5].length() % 4) % 4))
                    .identifier()
                    .canonical();
            String expected = row[2].replace("https://id.example.com", DigitalLink.CANONICAL_STEM);
            check(identity.equals(expected), row[0] + " gave " + identity);
        }
        report(reporter, "tag bits");
    }

    @Test
    void tagUris(TestReporter reporter) throws Exception {
        for (String[] row : Vectors.rows("epc-vectors/tds23-annexE3.tsv")) {
            if (row[3].isEmpty() || row[2].isEmpty()) {
                continue;
            }
            EpcUri pure = EpcUri.parse(row[3]);
            EpcUri tag = EpcUri.parse(row[4]);
            check(pure.identifier().canonical().equals(row[2]), row[3]);
            check(EpcUri.of((Gs1Key) pure.identifier(), pure.companyDigits()).equals(row[3]), row[3] + " written");
            check(tag.tag().orElseThrow().hex().equals(row[5]), row[4]);
            check(EpcUri.of(EpcBinary.decode(row[5])).equals(row[4]), row[4] + " written");
        }
        report(reporter, "tag URIs");
    }
}
