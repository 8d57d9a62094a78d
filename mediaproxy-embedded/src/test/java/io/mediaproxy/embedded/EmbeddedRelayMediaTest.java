package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mediaproxy.embedded.report.StreamStatistics;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedRelayMediaTest {
    private final CallFixture call = new CallFixture();
    private final UdpEndpoint caller = new UdpEndpoint();
    private final UdpEndpoint callee = new UdpEndpoint();
    private int callerPort;
    private int calleePort;

    @BeforeEach
    void setUpCall() {
        calleePort = call.ports(Commands.offer("c"))[0];
        callerPort = call.ports(Commands.answer("c"))[0];
    }

    @AfterEach
    void close() {
        caller.close();
        callee.close();
        call.close();
    }

    private void send(UdpEndpoint from, byte[] packet, int port) {
        from.send(packet, port);
        call.relay.settle();
    }

    /** Both ends send one packet, so that the relay learns their addresses. */
    private void learnBoth() {
        send(caller, UdpEndpoint.rtp(0, 1), callerPort);
        send(callee, UdpEndpoint.rtp(8, 1), calleePort);
        assertThat(caller.receive()).isEqualTo(UdpEndpoint.rtp(8, 1));
    }

    private StreamStatistics stream() {
        return call.onlySession().streams().get(0);
    }

    @Test
    void shouldUseEvenPortsForRtpAndTheNextOnesForRtcp() {
        assertThat(callerPort).isEven().isNotEqualTo(calleePort);
        assertThat(calleePort).isEven();
        for (int port : new int[] {callerPort, callerPort + 1, calleePort, calleePort + 1}) {
            assertThat(FreePorts.isFree(port)).as("port %s", port).isFalse();
        }
        assertThat(call.dispatcher.counters().portsInUse()).isEqualTo(4);
    }

    @Test
    void shouldForwardBothWaysUnchanged() {
        learnBoth();

        for (int i = 2; i < 100; i++) {
            caller.send(UdpEndpoint.rtp(0, i), callerPort);
            callee.send(UdpEndpoint.rtp(8, i), calleePort);
            assertThat(callee.receive()).isEqualTo(UdpEndpoint.rtp(0, i));
            assertThat(caller.receive()).isEqualTo(UdpEndpoint.rtp(8, i));
        }
    }

    @Test
    void shouldForwardRtcpOnItsOwnPorts() {
        byte[] senderReport = new byte[] {(byte) 0x80, (byte) 200, 0, 6};
        try (UdpEndpoint callerRtcp = new UdpEndpoint();
                UdpEndpoint calleeRtcp = new UdpEndpoint()) {
            send(callerRtcp, senderReport, callerPort + 1);
            send(calleeRtcp, senderReport, calleePort + 1);

            assertThat(callerRtcp.receive()).isEqualTo(senderReport);
            assertThat(caller.hasNothing()).isTrue();
        }
    }

    @Test
    void shouldCountForwardedPacketsWithTheirHeaders() {
        learnBoth();
        for (int i = 0; i < 10; i++) {
            send(caller, UdpEndpoint.rtp(0, i), callerPort);
        }

        StreamStatistics stream = stream();
        assertThat(stream.caller().packets()).isEqualTo(10);
        assertThat(stream.caller().bytes()).isEqualTo(10 * 200);
        assertThat(stream.callee().packets()).isEqualTo(1);
        assertThat(stream.callee().bytes()).isEqualTo(200);
        assertThat(stream.caller().codec()).isEqualTo("G711u");
        assertThat(stream.callee().codec()).isEqualTo("G711a");
        assertThat(stream.caller().local()).isEqualTo("127.0.0.1:" + callerPort);
        assertThat(stream.callee().local()).isEqualTo("127.0.0.1:" + calleePort);
        assertThat(stream.caller().remote()).isEqualTo(caller.address());
        assertThat(stream.callee().remote()).isEqualTo(callee.address());
    }

    @Test
    void shouldKeepTheFirstSenderOfEachSide() {
        learnBoth();
        try (UdpEndpoint stranger = new UdpEndpoint()) {
            send(stranger, UdpEndpoint.rtp(0, 66), callerPort);

            assertThat(callee.hasNothing()).isTrue();
            assertThat(stream().caller().remote()).isEqualTo(caller.address());
        }
    }

    @Test
    void shouldDropPacketsUntilTheOtherSideIsKnown() {
        send(caller, UdpEndpoint.rtp(0, 1), callerPort);

        assertThat(stream().caller().packets()).isZero();
        assertThat(stream().caller().remote()).isEqualTo(caller.address());
        assertThat(stream().callee().remote()).isEqualTo("Unknown");
    }

    @Test
    void shouldLearnANewAddressAfterAnAnswerMovedTheSide() {
        learnBoth();
        call.run(Commands.answer("c", 1, "audio:10.1.1.2:5100:sendrecv:ice=no"));
        send(callee, UdpEndpoint.rtp(8, 2), calleePort);
        assertThat(caller.hasNothing()).isTrue();

        try (UdpEndpoint moved = new UdpEndpoint()) {
            send(moved, UdpEndpoint.rtp(8, 3), calleePort);

            assertThat(caller.receive()).isEqualTo(UdpEndpoint.rtp(8, 3));
            assertThat(stream().callee().remote()).isEqualTo(moved.address());
            send(caller, UdpEndpoint.rtp(0, 4), callerPort);
            assertThat(moved.receive()).isEqualTo(UdpEndpoint.rtp(0, 4));
        }
    }

    @Test
    void shouldKeepTheAddressAfterARepeatedAnswer() {
        learnBoth();
        call.run(Commands.answer("c"));

        send(callee, UdpEndpoint.rtp(8, 2), calleePort);
        assertThat(caller.receive()).isEqualTo(UdpEndpoint.rtp(8, 2));
    }

    @Test
    void shouldForwardStunWithoutCountingItAsMedia() {
        send(caller, UdpEndpoint.stunBindingRequest(), callerPort);
        send(callee, UdpEndpoint.stunBindingRequest(), calleePort);

        assertThat(caller.receive()).isEqualTo(UdpEndpoint.stunBindingRequest());
        assertThat(stream().postDialDelay()).isNull();
        assertThat(stream().caller().codec()).isEqualTo("Unknown");
        send(caller, UdpEndpoint.rtp(0, 1), callerPort);
        assertThat(stream().caller().codec()).isEqualTo("G711u");
        assertThat(stream().postDialDelay()).isNotNull();
    }

    @Test
    void shouldSurvivePacketsOfAnySize() {
        learnBoth();
        for (int size : new int[] {0, 1, 2, 19, 20, 1_500}) {
            send(caller, new byte[size], callerPort);
            assertThat(callee.receive()).hasSize(size);
        }
    }

    @Test
    void shouldAllocateNothingPerPacket() {
        learnBoth();
        exchangePackets(20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long relayThread = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mediaproxy-relay-127.0.0.1"))
                .mapToLong(Thread::getId)
                .max()
                .orElseThrow();

        long before = threads.getThreadAllocatedBytes(relayThread);
        exchangePackets(20_000);
        long allocated = threads.getThreadAllocatedBytes(relayThread) - before;

        assertThat(allocated).as("bytes for 40000 packets").isLessThan(40_000);
    }

    private void exchangePackets(int count) {
        byte[] packet = UdpEndpoint.rtp(0, 7);
        for (int i = 0; i < count; i++) {
            caller.send(packet, callerPort);
            callee.send(packet, calleePort);
            callee.receive();
            caller.receive();
        }
    }
}
