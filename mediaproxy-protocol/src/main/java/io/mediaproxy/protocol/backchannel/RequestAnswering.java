package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.log.CountedLine;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Parses requests and answers them. Not thread-safe. */
final class RequestAnswering {
    private final DialogEnding dialogs;
    private final AnswerSender answers;
    private final CountedLine badDatagrams;

    RequestAnswering(DialogEnding dialogs, AnswerSender answers, CountedLine badDatagrams) {
        this.dialogs = dialogs;
        this.answers = answers;
        this.badDatagrams = badDatagrams;
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
            badDatagrams.log("{} from {}: {}", faulty.error().message, sender, faulty.detail());
            return faulty.error();
        }
        return dialogs.end(((Request.EndDialog) request).dialogId());
    }
}
