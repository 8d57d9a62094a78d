package io.mediaproxy.examples.jainsip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mediaproxy.examples.ProxyEvents;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ExampleStackTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int DEFAULT_OF_JAIN_SIP = 64 << 10;
    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void shouldAskForAReceiveBufferThatHoldsAPause() throws Exception {
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false, ProxyEvents.NONE)) {
            assertThat(sip.stack().getReceiveUdpBufferSize()).isGreaterThan(DEFAULT_OF_JAIN_SIP);
        }
    }

    @Test
    void shouldRespondToAKeepAlive() throws Exception {
        byte[] ping = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false, ProxyEvents.NONE);
                DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.send(new DatagramPacket(ping, ping.length, sip.address()));
            client.receive(new DatagramPacket(new byte[ping.length], ping.length)); // or throws
        }
    }

    @Test
    void shouldRefuseAnAddressInUse() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(ANY_PORT)) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> new ExampleStack(address, false, ProxyEvents.NONE))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void shouldFreeItsPortAndEndItsThreadsWhenClosed() throws Exception {
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        ExampleStack sip = new ExampleStack(ANY_PORT, true, ProxyEvents.NONE);
        List<Thread> started = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && !thread.isDaemon())
                .toList();
        sip.close();
        sip.close(); // has no effect

        assertThat(started).isNotEmpty();
        for (Thread thread : started) {
            thread.join(PATIENCE_MILLIS);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        new DatagramSocket(sip.address()).close();
    }

    @Test
    @Timeout(60)
    void shouldBoundTheMessagesThatWaitForItsListener() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger overloaded = new AtomicInteger();
        SipListener slow = new NoEvents() {
            @Override
            public void processRequest(RequestEvent event) {
                delivered.incrementAndGet();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        ProxyEvents events = new ProxyEvents() {
            @Override
            public void overloaded() {
                overloaded.incrementAndGet();
            }
        };
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false, events);
                DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            sip.serve(slow);
            int sent = 0;
            while (overloaded.get() == 0) { // for ever, if nothing bounded them
                send(client, sip.address(), "z9hG4bK" + sent++);
            }
            assertThat(delivered).hasValue(1);
            gate.countDown();
            while (delivered.get() < EventGate.MAX_WAITING) {
                send(client, sip.address(), "z9hG4bKmore" + sent++);
            }
        }
    }

    @Test
    @Timeout(60)
    void shouldSurviveAnErrorOfItsListener() throws Exception {
        CompletableFuture<Void> second = new CompletableFuture<>();
        AtomicInteger errors = new AtomicInteger();
        SipListener failing = new NoEvents() {
            private int requests;

            @Override
            public void processRequest(RequestEvent event) {
                if (requests++ == 0) {
                    throw new OutOfMemoryError("for the test");
                }
                second.complete(null);
            }
        };
        ProxyEvents events = new ProxyEvents() {
            @Override
            public void error() {
                errors.incrementAndGet();
            }
        };
        try (ExampleStack sip = new ExampleStack(ANY_PORT, false, events);
                DatagramSocket client = new DatagramSocket(ANY_PORT)) {
            sip.serve(failing);
            send(client, sip.address(), "z9hG4bK1");
            send(client, sip.address(), "z9hG4bK2");
            second.get();
            assertThat(errors).hasValue(1);
            assertThat(sip.failures().broken()).isNotDone();
        }
    }

    private static void send(DatagramSocket client, InetSocketAddress to, String branch) throws IOException {
        String request = String.join(
                "\r\n",
                "OPTIONS sip:127.0.0.1 SIP/2.0",
                "Via: SIP/2.0/UDP 127.0.0.1:" + client.getLocalPort() + ";branch=" + branch,
                "From: <sip:a@example.org>;tag=a",
                "To: <sip:b@example.org>",
                "Call-ID: " + branch,
                "CSeq: 1 OPTIONS",
                "Max-Forwards: 70",
                "Content-Length: 0",
                "",
                "");
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        client.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private abstract static class NoEvents implements SipListener {
        @Override
        public void processResponse(ResponseEvent event) {}

        @Override
        public void processTimeout(TimeoutEvent event) {}

        @Override
        public void processIOException(IOExceptionEvent event) {}

        @Override
        public void processTransactionTerminated(TransactionTerminatedEvent event) {}

        @Override
        public void processDialogTerminated(DialogTerminatedEvent event) {}
    }
}
