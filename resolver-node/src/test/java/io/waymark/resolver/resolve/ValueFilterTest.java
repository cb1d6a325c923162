package io.waymark.resolver.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.HandleValue;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueFilterTest {
    private static List<String> split(String list) {
        return list == null ? List.of() : List.of(list.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        // indexes, types, value's index, value's type, wanted
        ",, 1, URL, true",
        ", URL, 1, URL, true",
        ", url, 1, URL, true",
        ", URL, 1, URL.EN, false",
        ", URL., 1, URL.EN, true",
        ", URL., 1, url.en.gb, true",
        ", URL., 1, URL, true",
        ", URL., 1, UR, false",
        ", URL., 1, URLX, false",
        ", ., 1, URL, false",
        "1,, 1, URL, true",
        "2,, 1, URL, false",
        "2, URL, 1, URL, true",
        "1, EMAIL, 1, URL, true",
        "2, EMAIL, 1, URL, false",
    })
    void wantsByIndexOrType(String indexes, String types, int index, String type, boolean wanted) {
        ValueFilter filter =
                new ValueFilter(split(indexes).stream().map(Integer::valueOf).toList(), split(types));

        assertThat(filter.wants(HandleValue.text(index, type, "x", 0))).isEqualTo(wanted);
    }
}
