package io.waymark.resolver.access;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Who is at the other end of a connection.
 *
 * @param address of the client, or of the proxy in front of him
 * @param secure whether the connection is TLS
 * @param certificate the client's, whose private key he has shown to hold; signed by nobody in particular
 */
public record Connection(InetAddress address, boolean secure, Optional<X509Certificate> certificate) {}
