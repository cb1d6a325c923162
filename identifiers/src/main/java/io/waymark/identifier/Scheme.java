package io.waymark.identifier;

/** The families of identifiers Waymark tells apart. */
public enum Scheme {
    /** Handle System names, among them the industrial-internet identifiers {@code 88.*} (RFC 3651). */
    HANDLE,
    /** Keys of the GS1 system: GTIN, SGTIN, SSCC, GLN and their relatives (GS1 General Specifications). */
    GS1,
    /** ISO object identifiers, {@code 1.2.156…}. */
    OID,
    /** Vehicle identification numbers (ISO 3779). */
    VIN,
    /** ISO/IEC 15459 identifiers of issuing agency MA, {@code MA.156…}. */
    MA,
    /** Chinese drug traceability codes, 20 digits. */
    DRUG_CODE,
    /** A web address that is no Digital Link. */
    URL,
    /** EPC tag bits of a scheme we do not decode, or that are no EPC: kept raw. */
    RAW_EPC
}
