package io.waymark.identifier.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdminRecordTest {
    private static final byte[] GOLDEN = Octets.of(
            "0FF3", // permissions: all but ADD_DERIVED_PREFIX and DELETE_DERIVED_PREFIX
            "0000000E", // length of the handle
            "38382E3131382E382F41444D494E", // 88.118.8/ADMIN
            "0000012C"); // index 300

    @Test
    void readsTheOctetsOfTheReferenceClient() throws Exception {
        AdminRecord admin = AdminRecord.decode(GOLDEN);

        assertThat(admin.handle()).isEqualTo("88.118.8/ADMIN");
        assertThat(admin.index()).isEqualTo(300);
        assertThat(admin.reference()).isEqualTo(new ValueReference("88.118.8/ADMIN", 300));
        assertThat(admin.allows(AdminRecord.ADD_HANDLE | AdminRecord.LIST_HANDLES))
                .isTrue();
        assertThat(admin.allows(AdminRecord.ADD_DERIVED_PREFIX)).isFalse();
    }

    @Test
    void writesTheOctetsOfTheReferenceClient() {
        int permissions = AdminRecord.ALL & ~AdminRecord.ADD_DERIVED_PREFIX & ~AdminRecord.DELETE_DERIVED_PREFIX;

        assertThat(new AdminRecord(permissions, "88.118.8/ADMIN", 300).encode()).isEqualTo(GOLDEN);
    }

    @Test
    void overlooksTwoOctetsOfOldRecords() throws Exception {
        assertThat(AdminRecord.decode(Octets.of(Octets.hex(GOLDEN), "0000"))).isEqualTo(AdminRecord.decode(GOLDEN));
    }

    @Test
    void refusesOtherOctetsBehind() {
        assertThatThrownBy(() -> AdminRecord.decode(Octets.of(Octets.hex(GOLDEN), "00")))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("has 1");
    }

    @Test
    void refusesEveryCut() {
        for (int length = 0; length < GOLDEN.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(GOLDEN, length);
            assertThatThrownBy(() -> AdminRecord.decode(cut))
                    .as("%d octets", length)
                    .isInstanceOf(MalformedRecordException.class);
        }
    }

    @Test
    void refusesNegativeIndex() {
        byte[] negative = Octets.of("0FF3", "00000003", "612F62", "FFFFFFFF");

        assertThatThrownBy(() -> AdminRecord.decode(negative)).hasMessageContaining("must not be negative but was -1");
        assertThatThrownBy(() -> new AdminRecord(0, "a/b", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNoUtf8() {
        assertThatThrownBy(() -> AdminRecord.decode(Octets.of("0FF3", "00000003", "612FFF", "00000001")))
                .hasMessageContaining("no UTF-8");
    }
}
