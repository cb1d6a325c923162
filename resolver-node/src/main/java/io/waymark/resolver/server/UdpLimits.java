package io.waymark.resolver.server;

import io.waymark.resolver.rate.ResponseRateLimiter;
import java.util.function.IntPredicate;

/**
 * What keeps forged requests from being worth while.
 *
 * @param answerBytesMax larger answers are not sent over UDP
 * @param rate of datagrams to each source
 * @param provenSession whether a session has this number whose owner has proven who he is: such requests are not limited,
 *     because nobody can forge the number
 */
public record UdpLimits(int answerBytesMax, ResponseRateLimiter rate, IntPredicate provenSession) {}
