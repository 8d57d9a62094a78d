package io.mediaproxy.cli.pcap;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mediaproxy.cli.text.Json;
import java.io.IOException;
import java.io.PrintWriter;

/** Shows a capture as one JSON object with {@code calls} and {@code totals}, written call by call. */
final class JsonOutput implements ReplayOutput {
    private final PrintWriter out;
    private final JsonGenerator json;

    JsonOutput(PrintWriter out) throws IOException {
        this.out = out;
        json = Json.generator(out);
        json.writeStartObject();
        json.writeArrayFieldStart("calls");
    }

    @Override
    public void call(CallReport call) throws IOException {
        json.writePOJO(call);
    }

    @Override
    public void totals(CaptureTotals totals) throws IOException {
        json.writeEndArray();
        json.writePOJOField("totals", totals);
        json.writeEndObject();
        json.close();
        out.println();
        out.flush();
    }
}
