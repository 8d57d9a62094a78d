package io.mediaproxy.benchmarks.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws measurements, each chart as PNG and as SVG. */
final class Charts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;

    private final Path folder;

    Charts(Path folder) {
        this.folder = folder;
    }

    /** Groups of bars: one group for each column, one bar in it for each method. */
    void bars(String file, String title, String yAxis, boolean logarithmic, List<Measurement> measurements)
            throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(yAxis)
                .build();
        if (logarithmic) {
            chart.getStyler().setYAxisLogarithmic(true);
            chart.getStyler().setYAxisMin(floor(measurements));
        }
        List<String> columns =
                measurements.stream().map(Measurement::column).distinct().toList();
        for (String method :
                measurements.stream().map(Measurement::method).distinct().toList()) {
            List<Double> scores = new ArrayList<>();
            for (String column : columns) {
                scores.add(measurements.stream()
                        .filter(m -> m.method().equals(method) && m.column().equals(column))
                        .mapToDouble(Measurement::score)
                        .findFirst()
                        .orElse(Double.NaN));
            }
            chart.addSeries(
                    method, columns.stream().map(c -> c.isEmpty() ? " " : c).toList(), scores);
        }
        save(chart, chart.getStyler(), file);
    }

    /** Lines over the parameter of that name: one line for each method, and for each value of its other parameters. */
    void lines(
            String parameter,
            String file,
            String title,
            String xAxis,
            String yAxis,
            boolean logarithmic,
            List<Measurement> measurements)
            throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler().setXAxisLogarithmic(logarithmic);
        chart.getStyler().setYAxisMin(0.0);
        Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            lines.computeIfAbsent(measurement.lineOver(parameter), line -> new TreeMap<>())
                    .put(Double.valueOf(measurement.parameters().getOrDefault(parameter, "0")), measurement.score());
        }
        lines.forEach((line, points) ->
                chart.addSeries(line, new ArrayList<>(points.keySet()), new ArrayList<>(points.values())));
        save(chart, chart.getStyler(), file);
    }

    /** The power of ten below the smallest figure: a logarithmic axis has no zero to begin at. */
    private static double floor(List<Measurement> measurements) {
        double least =
                measurements.stream().mapToDouble(Measurement::score).min().orElse(1);
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private void save(Chart<?, ?> chart, AxesChartStyler styler, String file) throws IOException {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendPosition(LegendPosition.OutsideE);
        String path = folder.resolve(file).toString();
        BitmapEncoder.saveBitmap(chart, path, BitmapFormat.PNG);
        VectorGraphicsEncoder.saveVectorGraphic(chart, path, VectorGraphicsFormat.SVG);
    }
}
