package io.mediaproxy.cli.demo;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import javax.sip.message.Message;

/**
 * What the proxy does about media before it forwards a message: the place of {@code use_media_proxy} and
 * {@code end_media_session} in a routing script.
 *
 * <p>Called for every request and reply that the proxy forwards, except ACK and what goes hop by hop: 100, CANCEL and its reply. A
 * request that was shown here and got no answer from the next hop is followed by the proxy's own 408 or 503, so that every INVITE has an
 * end. The messages of one call come one after another, each only after the stage of the one before has completed. Called on the proxy's own thread, which all calls share: it
 * returns at once and does its waiting in the stage.
 */
@FunctionalInterface
interface MediaHook {
    /**
     * May set the message's content; the message is forwarded when the stage completes, as it then is. A stage that fails is
     * logged and the message goes on: a call without a relay is better than no call.
     *
     * @param message the copy that will be forwarded, nobody else touches it meanwhile
     * @param source where the message came from; the proxy's own address for its own replies
     */
    CompletionStage<Void> before(Message message, InetSocketAddress source);
}
