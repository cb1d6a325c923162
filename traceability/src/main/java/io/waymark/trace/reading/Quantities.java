package io.waymark.trace.reading;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names and units devices use, and what the standards call them: CBV measurement types and UN/ECE Recommendation 20
 * unit codes.
 */
final class Quantities {
    private static final Pattern REC20 = Pattern.compile("[A-Z0-9]{2,3}");

    /** Folded field name → CBV measurement type. */
    private static final Map<String, String> TYPES = new HashMap<>();

    /** Unit as people write it → Recommendation 20 code. */
    private static final Map<String, String> UNITS = new HashMap<>();

    static {
        type("Temperature", "temperature", "temp", "温度");
        type("RelativeHumidity", "humidity", "relativehumidity", "rh", "hum", "湿度");
        type("AbsoluteHumidity", "absolutehumidity");
        type("Power", "power", "功率");
        type("Energy", "energy", "电量");
        type("Voltage", "voltage", "电压");
        type("ElectricCurrent", "current", "electriccurrent", "电流");
        type("Pressure", "pressure", "压力");
        type("Mass", "mass", "weight", "重量");
        type("Volume", "volume", "体积");
        type("VolumeFlowRate", "flow", "flowrate", "流量");
        type("MassFlowRate", "massflowrate");
        type("Length", "length", "长度");
        type("Speed", "speed", "速度");
        type("Frequency", "frequency", "频率");
        type("Illuminance", "illuminance", "light", "lux", "照度");
        type("Acceleration", "acceleration");
        type("Torque", "torque");
        type("Force", "force");
        type("Angle", "angle");
        type("Density", "density");
        type("Resistance", "resistance");
        type("Conductivity", "conductivity");
        type("Count", "count", "数量");
        unit("CEL", "°C", "℃", "C", "degC", "celsius", "摄氏度");
        unit("FAH", "°F", "℉", "F", "fahrenheit");
        unit("KEL", "K", "kelvin");
        unit("P1", "%", "%RH", "percent", "pct");
        unit("A93", "g/m3", "g/m³");
        unit("GP", "mg/m3", "mg/m³");
        unit("GQ", "µg/m3", "ug/m3", "µg/m³");
        unit("59", "ppm");
        unit("PAL", "Pa");
        unit("A97", "hPa");
        unit("KPA", "kPa");
        unit("MPA", "MPa");
        unit("BAR", "bar");
        unit("MBR", "mbar");
        unit("WTT", "W", "watt");
        unit("KWT", "kW");
        unit("MAW", "MW");
        unit("WHR", "Wh");
        unit("KWH", "kWh");
        unit("JOU", "J");
        unit("VLT", "V", "volt");
        unit("2Z", "mV");
        unit("KVT", "kV");
        unit("AMP", "A", "ampere");
        unit("4K", "mA");
        unit("OHM", "Ω", "ohm");
        unit("HTZ", "Hz");
        unit("KHZ", "kHz");
        unit("RPM", "rpm", "r/min");
        unit("MTS", "m/s");
        unit("KMH", "km/h");
        unit("MSK", "m/s2", "m/s²");
        unit("KGM", "kg");
        unit("GRM", "g");
        unit("MGM", "mg");
        unit("TNE", "t");
        unit("LTR", "L", "l");
        unit("MLT", "mL", "ml");
        unit("MTQ", "m3", "m³");
        unit("L2", "L/min", "l/min");
        unit("MQH", "m3/h", "m³/h");
        unit("MTR", "m");
        unit("CMT", "cm");
        unit("MMT", "mm");
        unit("SEC", "s");
        unit("MIN", "min");
        unit("HUR", "h");
        unit("LUX", "lx", "lux");
        unit("NEW", "N");
        unit("NU", "N·m", "Nm");
        unit("DD", "°", "deg");
    }

    private Quantities() {}

    private static void type(String cbv, String... names) {
        TYPES.put(cbv.toLowerCase(Locale.ROOT), cbv);
        for (String name : names) {
            TYPES.put(name, cbv);
        }
    }

    private static void unit(String code, String... spellings) {
        for (String spelling : spellings) {
            UNITS.put(spelling, code);
        }
    }

    /** The CBV measurement type a folded field name stands for, or null. */
    static @Nullable String knownType(String folded) {
        return TYPES.get(folded);
    }

    /** The CBV type, or a URI of our own for names CBV has no word for. */
    static String type(String name) {
        String known = TYPES.get(Fields.fold(name));
        return known == null ? "urn:waymark:measurement:" + encoded(name) : known;
    }

    /** What everybody means when a unit is left out; null where opinions differ. */
    static @Nullable String usualUnit(String type) {
        if (type.equals("Temperature")) {
            return "CEL";
        }
        return type.equals("RelativeHumidity") ? "P1" : null;
    }

    /**
     * The Recommendation 20 code of a unit.
     *
     * @throws UndecodableException {@link Reason#BAD_VALUE}
     */
    static String unit(String written) throws UndecodableException {
        String code = UNITS.get(written);
        if (code != null) {
            return code;
        }
        if (REC20.matcher(written).matches()) {
            return written;
        }
        throw new UndecodableException(
                Reason.BAD_VALUE, "unit \"" + written + "\" is neither known nor a UN/ECE Recommendation 20 code");
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
