package io.waymark.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HangingTransactionsTest {
    private static final int EPOCH = 7;

    @ParameterizedTest
    @EnumSource(
            value = TransactionState.class,
            names = {"ONGOING", "PREPARE_COMMIT", "PREPARE_ABORT", "PREPARE_EPOCH_FENCE", "UNKNOWN"})
    void whatTheCoordinatorWorksOnIsLeftToIt(TransactionState state) {
        assertThat(HangingTransactions.decided(EPOCH, known(state, EPOCH))).isEmpty();
    }

    @Test
    void whatWasCommittedElsewhereIsCommittedHere() {
        assertThat(HangingTransactions.decided(EPOCH, known(TransactionState.COMPLETE_COMMIT, EPOCH)))
                .contains(TransactionResult.COMMIT);
        assertThat(HangingTransactions.decided(EPOCH, known(TransactionState.COMPLETE_COMMIT, EPOCH + 1)))
                .as("the end of a transaction raised the epoch")
                .contains(TransactionResult.COMMIT);
    }

    @Test
    void whatALaterTransactionCommittedSaysNothingOfThisOne() {
        assertThat(HangingTransactions.decided(EPOCH, known(TransactionState.COMPLETE_COMMIT, EPOCH + 2)))
                .contains(TransactionResult.ABORT);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransactionState.class,
            names = {"EMPTY", "COMPLETE_ABORT"})
    void whatWasNotCommittedIsAborted(TransactionState state) {
        assertThat(HangingTransactions.decided(EPOCH, known(state, EPOCH))).contains(TransactionResult.ABORT);
    }

    @Test
    void whatNobodyKnowsIsAborted() {
        assertThat(HangingTransactions.decided(EPOCH, null)).contains(TransactionResult.ABORT);
    }

    private static TransactionDescription known(TransactionState state, int epoch) {
        return new TransactionDescription(1, state, 4711, epoch, 60_000, OptionalLong.empty(), Set.of());
    }
}
