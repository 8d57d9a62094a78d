package io.mediaproxy.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws charts as SVG files. Not thread-safe. */
final class Charts {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;
    private static final int KIBI = 1024;
    private static final String FONT = Font.SANS_SERIF;
    /** A length, and not the version of XML. */
    private static final Pattern FRACTION = Pattern.compile("(?<!version=\")-?\\d+\\.\\d+");

    /** The palette of Okabe and Ito for colour-blind readers, without yellow, which is hard to see on white. */
    private static final Color[] COLORS = colors(0x0072B2, 0xD55E00, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0x444444);

    private static final Color[] GREYS = colors(0x777777, 0xBBBBBB);

    private final Path folder;
    private final List<String> links = new ArrayList<>();

    /** A point of a curve. */
    record Point(double x, double y) {}

    Charts(Path folder) {
        this.folder = folder;
    }

    private static Color[] colors(int... colors) {
        return IntStream.of(colors).mapToObj(Color::new).toArray(Color[]::new);
    }

    /** Returns Markdown for each chart. */
    List<String> links() {
        return List.copyOf(links);
    }

    /** Draws groups of bars from the scores for all groups by name; the last bars of each group are grey references. */
    void bars(
            String file,
            String title,
            boolean logarithmic,
            List<String> groups,
            Map<String, List<Double>> bars,
            int greys)
            throws IOException {
        CategoryChart chart = new CategoryChart(WIDTH, HEIGHT);
        CategoryStyler styler = chart.getStyler();
        List<Color> colors = new ArrayList<>();
        double least = Double.MAX_VALUE;
        for (Map.Entry<String, List<Double>> bar : bars.entrySet()) {
            List<Double> scores =
                    bar.getValue().stream().map(Charts::threeDigits).toList();
            chart.addSeries(bar.getKey(), groups, scores);
            int grey = colors.size() - (bars.size() - greys);
            colors.add(grey < 0 ? COLORS[colors.size() % COLORS.length] : GREYS[grey % GREYS.length]);
            least = Math.min(least, Collections.min(scores)); // NaN, which is missing, is the largest number
        }
        if (logarithmic) {
            styler.setYAxisLogarithmic(true);
            styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least)))); // the axis has no zero
            styler.setPlotGridLinesVisible(false); // nine in each decade
        } else {
            styler.setYAxisMin(0.0);
        }
        boolean several = bars.size() > 1;
        styler.setLabelsVisible(true);
        styler.setLabelsPosition(0.98);
        styler.setLabelsFont(new Font(FONT, Font.PLAIN, several ? 10 : 13));
        styler.setLegendVisible(several);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAvailableSpaceFill(several ? 0.95 : 0.5);
        styler.setSeriesColors(colors.toArray(Color[]::new));
        save(chart, styler, file, title);
    }

    /** The chart shows this number on the bar. */
    private static double threeDigits(double score) {
        return Double.isNaN(score)
                ? score
                : new BigDecimal(score).round(new MathContext(3)).doubleValue();
    }

    /** Draws lines over a parameter, each step of which is a doubling. Several points at one place get no line. */
    void lines(String file, String title, boolean logarithmic, String over, Map<String, List<Measurement>> lines)
            throws IOException {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        chart.setXAxisTitle(over);
        lines.forEach((name, measurements) -> {
            List<Double> xs = measurements.stream()
                    .map(m -> Math.log(m.number(over)) / Math.log(2))
                    .toList();
            List<Double> ys = measurements.stream().map(Measurement::score).toList();
            boolean points = xs.stream().distinct().count() < xs.size();
            chart.addSeries(name, xs, ys)
                    .setXYSeriesRenderStyle(points ? XYSeriesRenderStyle.Scatter : XYSeriesRenderStyle.Line)
                    .setMarker(points ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE)
                    .setLineStyle(new BasicStroke(2));
        });
        if (logarithmic) {
            chart.getStyler().setYAxisLogarithmic(true);
        } else {
            chart.getStyler().setYAxisMin(0.0);
        }
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Charts::power);
        chart.getStyler().setSeriesColors(COLORS);
        save(chart, chart.getStyler(), file, title);
    }

    /** Draws a curve through the points of each name; both axes begin at 0. */
    void curves(String file, String title, Map<String, List<Point>> curves) throws IOException {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        curves.forEach((name, points) -> chart.addSeries(
                        name,
                        points.stream().map(Point::x).toList(),
                        points.stream().map(Point::y).toList())
                .setMarker(SeriesMarkers.CIRCLE)
                .setLineStyle(new BasicStroke(2)));
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisDecimalPattern("#,##0");
        chart.getStyler().setSeriesColors(COLORS);
        save(chart, chart.getStyler(), file, title);
    }

    /** Returns the label of a step of the x axis; empty between the steps. */
    static String power(double doublings) {
        if (doublings != Math.rint(doublings) || doublings < 0) {
            return "";
        }
        long number = 1L << (int) doublings;
        return number < KIBI ? String.valueOf(number) : number / KIBI + " Ki";
    }

    private void save(Chart<?, ?> chart, AxesChartStyler styler, String file, String title) throws IOException {
        chart.setTitle(title);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotMargin(0);
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setPlotGridLinesStroke(new BasicStroke(1)); // in SVG each dash would be a separate shape
        styler.setChartTitleFont(new Font(FONT, Font.BOLD, 16));
        styler.setAxisTickLabelsFont(new Font(FONT, Font.PLAIN, 12));
        styler.setAxisTitleFont(new Font(FONT, Font.PLAIN, 13));
        styler.setLegendFont(new Font(FONT, Font.PLAIN, 12));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setYAxisLogarithmicDecadeOnly(true);
        styler.setYAxisDecimalPattern("#,##0.##");
        styler.setXAxisTickMarkSpacingHint(80);
        ByteArrayOutputStream exact = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, exact, VectorGraphicsFormat.SVG);
        String svg = FRACTION.matcher(exact.toString(StandardCharsets.UTF_8))
                .replaceAll(match -> tenths(Double.parseDouble(match.group())));
        Files.writeString(folder.resolve(file + ".svg"), svg);
        links.add("![" + title + "](" + file + ".svg)");
    }

    /** Shortens a coordinate to a tenth of a pixel: the files are kept with the sources. */
    private static String tenths(double value) {
        return String.format(Locale.ROOT, "%.1f", value)
                .replaceFirst("\\.0$", "")
                .replaceFirst("^-0$", "0");
    }
}
