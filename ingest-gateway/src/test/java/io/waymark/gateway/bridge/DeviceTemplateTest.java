package io.waymark.gateway.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "plant/{device}/#, plant/oven-7/heat, oven-7",
        "plant/{device}/#, plant/oven-7, oven-7",
        "plant/{device}/#, plant, plant-a",
        "plant/{device}/#, office/oven-7/heat, plant-a",
        "plant/{device}/#, plant//heat, plant-a",
        "plant/{device}, plant/oven-7/heat, plant-a",
        "+/+/{device}, a/b/c, c",
        "{device}/#, oven-7, oven-7",
        "'', plant/oven-7, plant-a",
    })
    void theLevelNamesTheDevice(String template, String topic, String device) {
        assertThat(DeviceTemplate.of(template).device(topic, "plant-a")).isEqualTo(device);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plant/#", "{device}/{device}", "plant/x{device}/#", "#/{device}", "$share/g/{device}"})
    void aTemplateNeedsOneLevelForTheDevice(String template) {
        assertThatThrownBy(() -> DeviceTemplate.of(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(template);
    }

    @Test
    void isWrittenAsItWasRead() {
        assertThat(DeviceTemplate.of("plant/{device}/#")).hasToString("plant/{device}/#");
    }
}
