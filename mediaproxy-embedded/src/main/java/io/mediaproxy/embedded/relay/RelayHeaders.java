package io.mediaproxy.embedded.relay;

import io.mediaproxy.embedded.python.PythonInteger;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a command as the relay decodes them. A value that cannot be decoded is ignored, and an earlier value
 * of the same name stays in effect.
 */
final class RelayHeaders {
    private static final List<String> UPDATE_NEEDS =
            List.of("call_id", "from_tag", "from_uri", "to_uri", "cseq", "user_agent", "type");
    private static final List<String> REMOVE_NEEDS = List.of("call_id", "from_tag");

    private final Map<String, String> values = new HashMap<>();
    private BigInteger cseq = BigInteger.ZERO;
    private List<OfferedMedia> media = List.of();

    RelayHeaders(List<RelayCommand.Header> headers) {
        headers.forEach(header -> put(header.name(), header.value()));
    }

    private void put(String name, String value) {
        switch (name) {
            case "cseq" -> {
                BigInteger number = PythonInteger.parse(value);
                if (number == null) {
                    return;
                }
                cseq = number;
            }
            case "type" -> {
                if (!value.equals("request") && !value.equals("reply")) {
                    return;
                }
            }
            case "media" -> {
                List<OfferedMedia> streams = OfferedMedia.parse(value);
                if (streams == null) {
                    return;
                }
                media = streams;
            }
            default -> {
                // Any other value is text.
            }
        }
        values.put(name, value);
    }

    /**
     * Checks the headers of an {@code update}.
     *
     * @throws RelayRefusalException a header is absent, or its name is that of a parameter of the relay
     */
    void checkUpdate() {
        need(UPDATE_NEEDS);
        refuse("self");
        refuse("dispatcher");
    }

    /**
     * Checks the headers of a {@code remove}.
     *
     * @throws RelayRefusalException as {@link #checkUpdate}
     */
    void checkRemove() {
        need(REMOVE_NEEDS);
        refuse("self");
    }

    private void need(List<String> names) {
        for (String name : names) {
            if (!values.containsKey(name)) {
                throw new RelayRefusalException("header " + name + " is missing");
            }
        }
    }

    /**
     * The relay passes headers as keyword arguments to Python methods, which raise an error for a name of their own.
     */
    private void refuse(String name) {
        if (values.containsKey(name)) {
            throw new RelayRefusalException("header " + name + " clashes with a parameter of the relay");
        }
    }

    /** A mandatory value. Called after a check. */
    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new RelayRefusalException("header " + name + " is missing");
        }
        return value;
    }

    @Nullable String toTag() {
        return values.get("to_tag");
    }

    boolean isRequest() {
        return text("type").equals("request");
    }

    BigInteger cseq() {
        return cseq;
    }

    /** The streams; empty if the header is absent or cannot be decoded. */
    List<OfferedMedia> media() {
        return media;
    }
}
