package io.mediaproxy.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a parameter of type {@link java.nio.file.Path} of a test or lifecycle method that receives the socket of the
 * dispatcher, for {@code MediaProxy.builder().dispatcherSocket(path)}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface DispatcherSocket {}
