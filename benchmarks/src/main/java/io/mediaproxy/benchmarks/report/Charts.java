package io.mediaproxy.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws figures, each chart as PNG and as SVG. */
final class Charts {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 480;
    private static final int KIBI = 1024;
    private static final String FONT = Font.SANS_SERIF;

    /** Okabe and Ito's, which all eyes can tell apart; yellow is left out, which is hard to see on white. */
    private static final Color[] COLORS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0xE69F00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0x56B4E9),
        new Color(0x444444),
    };

    private static final Color[] GREYS = {new Color(0x777777), new Color(0xBBBBBB)};

    private final Path folder;
    private final List<String> links = new ArrayList<>();

    Charts(Path folder) {
        this.folder = folder;
    }

    /** Groups of bars: a bar for each name in each group. */
    static final class Bars {
        private final int greys;
        private final Set<String> groups = new LinkedHashSet<>();
        private final Map<String, Map<String, Double>> bars = new LinkedHashMap<>();

        /** Takes how many of each group, from its end, are grey: what the others are to be held against. */
        Bars(int greys) {
            this.greys = greys;
        }

        void add(String name, String group, double score) {
            groups.add(group);
            bars.computeIfAbsent(name, any -> new LinkedHashMap<>()).put(group, threeDigits(score));
        }

        /** It stands on the bar. */
        private static double threeDigits(double score) {
            return new BigDecimal(score).round(new MathContext(3)).doubleValue();
        }

        private Color[] colors() {
            Color[] colors = new Color[bars.size()];
            int grey = bars.size() - greys;
            Arrays.setAll(colors, bar -> bar < grey ? COLORS[bar % COLORS.length] : GREYS[(bar - grey) % GREYS.length]);
            return colors;
        }
    }

    /** Lines, and points that no line joins. */
    static final class Lines {
        private final String over;
        private final Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
        private final Map<String, List<Map.Entry<Double, Double>>> points = new LinkedHashMap<>();

        /** Takes what they are drawn over. */
        Lines(String over) {
            this.over = over;
        }

        void add(String line, double x, double y) {
            lines.computeIfAbsent(line, any -> new TreeMap<>()).put(x, y);
        }

        void addPoint(String name, double x, double y) {
            points.computeIfAbsent(name, any -> new ArrayList<>()).add(Map.entry(x, y));
        }
    }

    /** The charts that were drawn, in Markdown. */
    List<String> links() {
        return List.copyOf(links);
    }

    void draw(String file, String title, boolean logarithmic, Bars bars) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        bars.bars.forEach((name, scores) -> chart.addSeries(
                name,
                List.copyOf(bars.groups),
                bars.groups.stream()
                        .map(group -> scores.getOrDefault(group, Double.NaN))
                        .toList()));
        if (logarithmic) {
            chart.getStyler().setYAxisLogarithmic(true);
            chart.getStyler().setYAxisMin(decadeBelow(bars));
            chart.getStyler().setPlotGridLinesVisible(false); // nine in each decade
        } else {
            chart.getStyler().setYAxisMin(0.0);
        }
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsPosition(0.98);
        chart.getStyler().setLabelsFont(new Font(FONT, Font.PLAIN, bars.bars.size() > 1 ? 10 : 13));
        chart.getStyler().setLegendVisible(bars.bars.size() > 1);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setAvailableSpaceFill(bars.bars.size() > 1 ? 0.95 : 0.5);
        chart.getStyler().setSeriesColors(bars.colors());
        save(chart, chart.getStyler(), file, title);
    }

    void draw(String file, String title, boolean logarithmic, Lines lines) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(lines.over)
                .build();
        lines.lines.forEach(
                (line, points) -> chart.addSeries(line, doublings(points.keySet()), new ArrayList<>(points.values()))
                        .setMarker(SeriesMarkers.CIRCLE)
                        .setLineStyle(new BasicStroke(2)));
        lines.points.forEach((name, points) -> chart.addSeries(
                        name,
                        doublings(points.stream().map(Map.Entry::getKey).toList()),
                        points.stream().map(Map.Entry::getValue).toList())
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                .setMarker(SeriesMarkers.DIAMOND));
        if (logarithmic) {
            chart.getStyler().setYAxisLogarithmic(true);
        } else {
            chart.getStyler().setYAxisMin(0.0);
        }
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Charts::power);
        chart.getStyler().setSeriesColors(COLORS);
        save(chart, chart.getStyler(), file, title);
    }

    /** Where they stand on an axis on which each step is twice the one before. */
    private static List<Double> doublings(Collection<Double> numbers) {
        return numbers.stream().map(number -> Math.log(number) / Math.log(2)).toList();
    }

    /** What stands at a step of that axis; nothing between them. */
    static String power(double doublings) {
        if (doublings != Math.rint(doublings) || doublings < 0) {
            return "";
        }
        long number = 1L << (int) doublings;
        return number < KIBI ? String.valueOf(number) : number / KIBI + " Ki";
    }

    /** A logarithmic axis has no zero to begin at. */
    private static double decadeBelow(Bars bars) {
        double least = bars.bars.values().stream()
                .flatMap(scores -> scores.values().stream())
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(1);
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private void save(Chart<?, ?> chart, AxesChartStyler styler, String file, String title) throws IOException {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotMargin(0);
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setPlotGridLinesStroke(new BasicStroke(1)); // in SVG each dash would be a shape of its own
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
        String path = folder.resolve(file).toString();
        BitmapEncoder.saveBitmap(chart, path, BitmapFormat.PNG);
        SmallSvg.save(chart, folder.resolve(file + ".svg"));
        links.add("![" + title + "](" + file + ".svg)");
    }
}
