package io.mediaproxy.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * A value on the command line that cannot be used. The error has one form: {@code invalid --seconds "0": expected ...}.
 */
final class InvalidValue {
    /** Picocli's text for an enum, which ends with the value. */
    private static final Pattern ONE_OF = Pattern.compile("expected (one of \\[[^\\]]*\\])");

    private InvalidValue() {}

    /** @param expected such as {@code 1 to 60} */
    static ParameterException of(CommandSpec spec, String name, Object value, String expected) {
        return new ParameterException(spec.commandLine(), message(name, value, expected));
    }

    /** The error of a converter. */
    static TypeConversionException expected(String expected) {
        return new TypeConversionException(expected);
    }

    /** The text for an error of picocli, in the form above where a value could not be converted. */
    static String message(ParameterException problem) {
        ArgSpec argument = problem.getArgSpec();
        if (argument == null || !(problem.getCause() instanceof TypeConversionException conversion)) {
            return String.valueOf(problem.getMessage());
        }
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        String expected = String.valueOf(conversion.getMessage());
        Matcher enumeration = ONE_OF.matcher(expected);
        return message(name, problem.getValue(), enumeration.find() ? enumeration.group(1) : expected);
    }

    private static String message(String name, Object value, String expected) {
        return "invalid " + name + " \"" + value + "\": expected " + expected;
    }
}
