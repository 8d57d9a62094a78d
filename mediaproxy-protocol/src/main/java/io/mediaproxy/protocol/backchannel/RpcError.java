package io.mediaproxy.protocol.backchannel;

/**
 * The {@code error} object of an answer without a result. Negative codes are those of JSON-RPC 2.0, section 5.1;
 * positive ones are status codes of SIP.
 */
enum RpcError {
    PARSE_ERROR(-32700, "parse error"),
    INVALID_REQUEST(-32600, "invalid request"),
    METHOD_NOT_FOUND(-32601, "method not found"),
    INVALID_PARAMS(-32602, "invalid params: one dialog id in an array"),
    INTERNAL_ERROR(-32603, "internal error"),
    UNKNOWN_DIALOG(404, "unknown dialog"),
    TOO_BUSY(503, "too many requests are waiting");

    final int code;
    final String message;

    RpcError(int code, String message) {
        this.code = code;
        this.message = message;
    }
}
