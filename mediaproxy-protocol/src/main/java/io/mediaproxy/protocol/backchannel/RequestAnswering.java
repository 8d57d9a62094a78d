package io.mediaproxy.protocol.backchannel;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses requests and answers them. Not thread-safe. */
final class RequestAnswering {
    private static final Logger LOG = LoggerFactory.getLogger(RequestAnswering.class);

    private final DialogEnding dialogs;
    private final AnswerSender answers;

    RequestAnswering(DialogEnding dialogs, AnswerSender answers) {
        this.dialogs = dialogs;
        this.answers = answers;
    }

    /**
     * Answers one datagram, if it has a sender and an id to answer to.
     *
     * @param sender null if the sender's socket has no address
     * @param deadlineNanos until when to try to send the answer
     */
    void answer(byte[] datagram, @Nullable SocketAddress sender, long deadlineNanos) {
        Request request = RequestParser.parse(datagram);
        RpcError error = errorOf(request, sender);
        // The listener may have interrupted this thread, and a channel closes itself when an interrupted thread uses
        // it.
        Thread.interrupted();
        RequestId id = request.id();
        if (id != null && sender != null) {
            answers.send(error == null ? Json.result(id) : Json.error(id, error), sender, deadlineNanos);
        }
    }

    private @Nullable RpcError errorOf(Request request, @Nullable SocketAddress sender) {
        if (request instanceof Request.Faulty faulty) {
            LOG.warn("{} from {}: {}", faulty.error().message, sender, faulty.detail());
            return faulty.error();
        }
        return dialogs.end(((Request.EndDialog) request).dialogId());
    }
}
