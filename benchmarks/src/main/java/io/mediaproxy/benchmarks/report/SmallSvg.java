package io.mediaproxy.benchmarks.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** SVG as XChart writes it, with text as outlines, but with coordinates to a tenth of a pixel and not to a billionth. */
final class SmallSvg {
    private static final Pattern FRACTION = Pattern.compile("-?\\d+\\.\\d+");

    private SmallSvg() {}

    static void save(Chart<?, ?> chart, Path file) throws IOException {
        ByteArrayOutputStream exact = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, exact, VectorGraphicsFormat.SVG);
        String svg = FRACTION.matcher(exact.toString(StandardCharsets.UTF_8))
                .replaceAll(match -> tenths(Double.parseDouble(match.group())));
        Files.writeString(file, svg);
    }

    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value)
                .replaceFirst("\\.0$", "")
                .replaceFirst("^-0$", "0");
    }
}
