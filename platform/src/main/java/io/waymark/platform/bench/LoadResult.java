package io.waymark.platform.bench;

/**
 * What a run came to.
 *
 * @param plan what was asked for
 * @param tally what happened in the measured part
 * @param inFlight requests without an answer when time was up; in a closed loop about connections x window
 * @param serverCpuSeconds used by the server's processes in the measured part; 0 if none were named
 * @param ownCpuSeconds used by this process in the measured part
 */
record LoadResult(LoadPlan plan, Tally tally, int inFlight, double serverCpuSeconds, double ownCpuSeconds) {
    double seconds() {
        return plan.duration().toNanos() * 1e-9;
    }

    double perSecond() {
        return tally.answers() / seconds();
    }

    double serverCpuPerMillion() {
        return perMillion(serverCpuSeconds);
    }

    double ownCpuPerMillion() {
        return perMillion(ownCpuSeconds);
    }

    private double perMillion(double cpuSeconds) {
        return tally.answers() == 0 ? 0 : cpuSeconds * 1e6 / tally.answers();
    }
}
