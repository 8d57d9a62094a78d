package io.mediaproxy.embedded.relay;

import java.util.List;

/**
 * One command as the dispatcher forwards it to a relay.
 *
 * @param name {@code update}, {@code remove}, or any other first line of a client's request
 * @param headers in the order of the request, duplicates included
 */
public record RelayCommand(String name, List<Header> headers) {
    /**
     * One header.
     *
     * @param name text before the first {@code ": "}
     * @param value text after it
     */
    public record Header(String name, String value) {}

    /** Copies the headers. */
    public RelayCommand {
        headers = List.copyOf(headers);
    }
}
