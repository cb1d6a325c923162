/**
 * What the standards demand, as data: one file for each normative statement under {@code src/test/resources/conformance}, named
 * after it. The codec here knows nothing of the gateway's own, and can also write what no codec should.
 *
 * <p>A step is a line: {@code a> publish topic=~t payload=x} has client a send, {@code a< puback code=00} has it expect. {@code ~}
 * stands for the scenario's name, so that scenarios share a gateway and not their topics. {@code hex …} is octets, {@code closed}
 * the end of the connection, {@code nothing 300ms} silence. {@code id=$p} binds what is received and repeats it when sent.
 */
package io.waymark.gateway.conformance;
