package io.mediaproxy.protocol.backchannel;

/**
 * Why a request is not answered with a result: the {@code error} object of JSON-RPC 2.0, section 5.1, whose codes these are; what
 * the application says has SIP's.
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
