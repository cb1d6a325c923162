package io.waymark.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people read leads where it says. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DECISIONS = ROOT.resolve("docs/adr");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern NUMBERED = Pattern.compile("\\d{4}-.*\\.md");

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> deploy = Files.list(Path.of(""))) {
            return Stream.of(top, docs, deploy)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    /** The anchors of a document's headings, and those set by hand. */
    private static List<String> anchors(Path document) throws IOException {
        String text = Files.readString(document);
        Stream<String> headings = Pattern.compile("(?m)^#+ (.+)$")
                .matcher(text)
                .results()
                .map(found -> found.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                        .replace(' ', '-'));
        Stream<String> set =
                Pattern.compile("<a id=\"([^\"]+)\"").matcher(text).results().map(found -> found.group(1));
        return Stream.concat(headings, set).toList();
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Path> documents = documents();
        assertThat(documents).hasSizeGreaterThan(20);
        for (Path document : documents) {
            for (var link : LINK.matcher(Files.readString(document)).results().toList()) {
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                assertThat(target.normalize())
                        .as("%s in %s", link.group(), document)
                        .exists();
                if (link.group(2) != null) {
                    assertThat(anchors(target))
                            .as("%s in %s", link.group(), document)
                            .contains(link.group(2));
                }
            }
        }
    }

    @Test
    void everyDecisionHasANumberOfItsOwnAndStandsInTheIndex() throws IOException {
        String index = Files.readString(DECISIONS.resolve("README.md"));
        try (Stream<Path> files = Files.list(DECISIONS)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> NUMBERED.matcher(name).matches())
                    .sorted()
                    .toList();

            assertThat(names.stream().map(name -> name.substring(0, 4))).doesNotHaveDuplicates();
            for (String name : names) {
                String heading = Files.readAllLines(DECISIONS.resolve(name)).get(0);
                int number = Integer.parseInt(name.substring(0, 4));

                assertThat(heading).as(name).startsWith("# " + number + ". ");
                assertThat(index).as("%s in the index", name).contains("(" + name + ")");
            }
        }
    }
}
