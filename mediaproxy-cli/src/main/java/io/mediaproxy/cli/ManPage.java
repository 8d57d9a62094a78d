package io.mediaproxy.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A manual page in the roff macros of man(7), from the model of the command line. Picocli's own generator writes
 * AsciiDoc, and turning that into a manual page takes a Ruby interpreter. Not thread-safe.
 */
final class ManPage {
    private static final String HELP = "--help";
    private static final String VERSION = "--version";

    private final StringBuilder page = new StringBuilder();

    /** Returns the page of a command with all its subcommands. */
    String of(CommandSpec root) {
        line(".TH " + root.name().toUpperCase(Locale.ROOT) + " 1");
        line(".ad l");
        section("NAME");
        text(root.name() + " - " + String.join(" ", root.usageMessage().header()));
        section("SYNOPSIS");
        for (CommandLine command : root.subcommands().values()) {
            line(".br");
            text(synopsis(command));
        }
        section("DESCRIPTION");
        paragraphs(root.usageMessage().description());
        root.subcommands().values().forEach(this::subcommand);
        section("EXIT STATUS");
        exitCodes(root);
        return page.toString();
    }

    private void subcommand(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        section(spec.qualifiedName().toUpperCase(Locale.ROOT));
        paragraphs(spec.usageMessage().header());
        paragraphs(spec.usageMessage().description());
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            argument(parameter.paramLabel(), parameter);
        }
        for (OptionSpec option : spec.options()) {
            boolean everywhere = List.of(option.names()).contains(HELP)
                    || List.of(option.names()).contains(VERSION);
            if (!everywhere && !option.hidden()) {
                String label = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
                argument(String.join(", ", option.names()) + label, option);
            }
        }
        exitCodes(spec);
    }

    private static String synopsis(CommandLine command) {
        return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    }

    private void argument(String name, ArgSpec argument) {
        line(".TP");
        line(".B " + escaped(name));
        text(String.join(" ", argument.description()));
    }

    private void exitCodes(CommandSpec spec) {
        for (Map.Entry<String, String> code : spec.usageMessage().exitCodeList().entrySet()) {
            line(".TP");
            line(".B " + escaped("exit " + code.getKey().strip()));
            text(code.getValue());
        }
    }

    /** Lines that begin with a space stay lines of their own, as in the help. */
    private void paragraphs(String... lines) {
        for (String line : lines) {
            if (line.startsWith(" ")) {
                line(".br");
                text(line.strip());
            } else if (!line.isBlank()) {
                line(".PP");
                text(line);
            }
        }
    }

    private void section(String name) {
        line(".SH " + escaped(name));
    }

    private void text(String text) {
        line(escaped(text));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /** A hyphen is a minus sign that can be searched for; a line must not begin with a control character. */
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
