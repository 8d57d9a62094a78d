package io.mediaproxy.cli.demo;

import io.mediaproxy.examples.phone.Phone;
import io.mediaproxy.examples.phone.SipText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One party of the demo's call: a phone and its audio. Each step of the call runs on the phone's thread, one after
 * another, and fails if an expected message does not arrive. Thread-safe. Closing ends its threads.
 */
final class DemoPhone implements AutoCloseable {
    private final PhoneProfile profile;
    private final Phone phone;
    private final AudioLeg audio;
    private final ExecutorService thread;

    private DemoPhone(PhoneProfile profile, Phone phone, AudioLeg audio) {
        this.profile = profile;
        this.phone = phone;
        this.audio = audio;
        this.thread = Executors.newSingleThreadExecutor(task -> new Thread(task, profile.user()));
    }

    /** @param server the SIP server to which calls are sent; the phone binds its IP address, too */
    static DemoPhone open(PhoneProfile profile, InetSocketAddress server, Phone.Trace trace) throws IOException {
        Phone phone = new Phone(profile.user(), profile.privateAddress(), server);
        phone.trace(trace);
        try {
            AudioLeg audio = AudioLeg.open(profile.user(), server.getAddress(), profile.speaks(), profile.hears());
            return new DemoPhone(profile, phone, audio);
        } catch (IOException e) {
            phone.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return phone.address();
    }

    AudioLeg audio() {
        return audio;
    }

    /** Calls, and talks if the call is answered. Completes with the final response. */
    CompletableFuture<SipText> call(DemoPhone callee) {
        return CompletableFuture.supplyAsync(
                () -> {
                    phone.invite(callee.phone, phone.sdp(profile.privatePort()));
                    SipText response = phone.receive();
                    while (response.status() < 200) {
                        response = phone.receive();
                    }
                    if (response.status() >= 300) {
                        phone.acknowledge(response);
                    } else {
                        phone.request("ACK", "");
                        audio.talkTo(response.mediaAddress());
                    }
                    return response;
                },
                thread);
    }

    /** Waits for a call, rings, answers, and talks. */
    CompletableFuture<Void> answer() {
        return CompletableFuture.runAsync(
                () -> {
                    SipText invite = phone.expect("INVITE");
                    phone.respond(invite, 180, "");
                    phone.respond(invite, 200, phone.sdp(profile.privatePort()));
                    phone.expect("ACK");
                    audio.talkTo(invite.mediaAddress());
                },
                thread);
    }

    CompletableFuture<Void> hangUp() {
        return CompletableFuture.runAsync(
                () -> {
                    audio.fallSilent();
                    phone.request("BYE", "");
                    phone.expect("SIP/2.0 200");
                },
                thread);
    }

    /** Waits for the BYE, and falls silent when it arrives. */
    CompletableFuture<Void> awaitHangUp(Duration patience) {
        return CompletableFuture.runAsync(
                () -> {
                    SipText bye = phone.expect("BYE", patience);
                    audio.fallSilent();
                    phone.respond(bye, 200, "");
                },
                thread);
    }

    @Override
    public void close() {
        thread.shutdown();
        phone.close();
        audio.close();
    }
}
