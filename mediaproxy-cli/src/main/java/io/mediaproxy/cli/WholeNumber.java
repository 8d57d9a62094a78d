package io.mediaproxy.cli;

import picocli.CommandLine.ITypeConverter;

/** A number without a fraction; picocli's converter names Java's type in its error. */
final class WholeNumber implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException e) {
            throw InvalidValue.expected("a whole number");
        }
    }
}
