package io.mediaproxy.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.mediaproxy.embedded.EmbeddedDispatcher;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Who may depend on whom, over all modules; each rule is also shown to something that breaks it. */
class ModuleRulesTest {
    private static final String JAVA = "java..";
    private static final String NULLNESS = "org.jspecify..";
    private static final String LOGGING = "org.slf4j..";
    private static final String JSON = "com.fasterxml.jackson.core..";
    private static final String UNIX_SOCKETS = "org.newsclub.net.unix..";
    private static final String SDP = "io.mediaproxy.sdp..";
    private static final String PROTOCOL = "io.mediaproxy.protocol..";
    private static final String SESSION = "io.mediaproxy.session..";
    private static final String JAIN_SIP = "io.mediaproxy.jainsip..";
    private static final String PKTS = "io.mediaproxy.pkts..";
    private static final String EMBEDDED = "io.mediaproxy.embedded..";
    private static final String EXAMPLES = "io.mediaproxy.examples..";
    private static final String JUNIT_EXTENSION = "io.mediaproxy.junit..";

    private static final String EMBEDDED_FACADES = "io.mediaproxy.embedded";
    private static final String EMBEDDED_DISPATCHER = "io.mediaproxy.embedded.dispatcher";
    private static final String EMBEDDED_RELAY = "io.mediaproxy.embedded.relay";
    private static final String EMBEDDED_LOOP = "io.mediaproxy.embedded.loop";
    private static final String EMBEDDED_PYTHON = "io.mediaproxy.embedded.python";
    private static final String EMBEDDED_REPORT = "io.mediaproxy.embedded.report";
    private static final String COMMAND = "io.mediaproxy.cli..";
    private static final String PROTOCOL_LOG = "io.mediaproxy.protocol.log";
    private static final String EMBEDDED_LOG = "io.mediaproxy.embedded.log";

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.mediaproxy");

    @Test
    void shouldSeeEveryModule() {
        for (String module :
                List.of("sdp", "protocol", "session", "jainsip", "pkts", "embedded", "junit", "examples", "cli")) {
            assertThat(OURS.stream().filter(type -> type.getPackageName().startsWith("io.mediaproxy." + module)))
                    .as(module)
                    .hasSizeGreaterThan(1);
        }
        assertThat(OURS.stream().filter(type -> type.getSimpleName().endsWith("Test")))
                .isEmpty();
    }

    @Test
    void shouldKeepSdpFreeOfEverything() {
        onlyDependsOn(SDP, SDP, JAVA, NULLNESS).check(OURS);
        assertThat(isBroken(onlyDependsOn(SESSION, SESSION, JAVA, NULLNESS), OURS))
                .isTrue();
    }

    @Test
    void shouldKeepProtocolAndSdpApart() {
        onlyDependsOn(PROTOCOL, PROTOCOL, JAVA, NULLNESS, LOGGING, JSON, UNIX_SOCKETS)
                .check(OURS);
        noDependency(SDP, PROTOCOL).check(OURS);
        noDependency(PROTOCOL, SDP).check(OURS);
        assertThat(isBroken(noDependency(SESSION, SDP), OURS)).isTrue();
    }

    @Test
    void shouldJoinThemInSessionAndNothingElse() {
        onlyDependsOn(SESSION, SESSION, SDP, PROTOCOL, JAVA, NULLNESS, LOGGING).check(OURS);
    }

    @Test
    void shouldLetAdaptersKnowSessionAndTheirStackOnly() {
        onlyDependsOn(
                        JAIN_SIP,
                        JAIN_SIP,
                        SESSION,
                        SDP,
                        PROTOCOL,
                        JAVA,
                        NULLNESS,
                        LOGGING,
                        "javax.sip..",
                        "gov.nist.core..")
                .check(OURS);
        onlyDependsOn(PKTS, PKTS, SESSION, SDP, PROTOCOL, JAVA, NULLNESS, "io.pkts..")
                .check(OURS);
        assertThat(isBroken(onlyDependsOn(COMMAND, COMMAND, SESSION, SDP, PROTOCOL, JAVA, "javax.sip.."), OURS))
                .isTrue();
    }

    @Test
    void shouldLetNoLibraryDependOnEmbeddedExamplesOrCommand() {
        noDependency("io.mediaproxy.(sdp|protocol|session|jainsip|pkts|embedded)..", COMMAND)
                .check(OURS);
        noDependency("io.mediaproxy.(sdp|protocol|session|jainsip|pkts|embedded)..", EXAMPLES)
                .check(OURS);
        noDependency("io.mediaproxy.(sdp|protocol|session|jainsip|pkts)..", EMBEDDED)
                .check(OURS);
        onlyDependsOn(EMBEDDED, EMBEDDED, JAVA, NULLNESS, LOGGING, JSON, UNIX_SOCKETS)
                .check(OURS);
        assertThat(isBroken(noDependency("io.mediaproxy.(cli|sdp)..", EMBEDDED), OURS))
                .isTrue();
    }

    @Test
    void shouldLetTheJUnitExtensionJoinEmbeddedAndSessionForTestsOnly() {
        onlyDependsOn(JUNIT_EXTENSION, JUNIT_EXTENSION, EMBEDDED, SESSION, PROTOCOL, JAVA, NULLNESS, "org.junit..")
                .check(OURS);
        noDependency("io.mediaproxy.(sdp|protocol|session|jainsip|pkts|embedded|examples|cli)..", JUNIT_EXTENSION)
                .check(OURS);
    }

    /** Facades, dispatcher, relay, and below them loop, python and report, which do not know each other. */
    @Test
    void shouldLetPackagesOfEmbeddedDependDownwardsOnly() {
        onlyDependsOn(EMBEDDED_LOOP, EMBEDDED_LOOP, EMBEDDED_LOG, JAVA, NULLNESS)
                .check(OURS);
        onlyDependsOn(EMBEDDED_PYTHON, EMBEDDED_PYTHON, JAVA, NULLNESS, JSON).check(OURS);
        onlyDependsOn(EMBEDDED_REPORT, EMBEDDED_REPORT, JAVA, NULLNESS).check(OURS);
        noDependency(EMBEDDED_RELAY, EMBEDDED_DISPATCHER).check(OURS);
        noDependency(EMBEDDED_RELAY, EMBEDDED_FACADES).check(OURS);
        noDependency(EMBEDDED_DISPATCHER, EMBEDDED_FACADES).check(OURS);
        noDependency(EMBEDDED_FACADES, EMBEDDED_LOOP).check(OURS);
        assertThat(isBroken(onlyDependsOn(EMBEDDED_RELAY, EMBEDDED_RELAY, JAVA, NULLNESS, LOGGING, JSON), OURS))
                .isTrue();
        for (String lower : List.of(EMBEDDED_DISPATCHER, EMBEDDED_RELAY, EMBEDDED_REPORT)) {
            assertThat(isBroken(noDependency(EMBEDDED_FACADES, lower), OURS))
                    .as(lower)
                    .isTrue();
        }
    }

    @Test
    void shouldExportOnlyFacadesAndReportsOfEmbedded() throws URISyntaxException {
        URL location =
                EmbeddedDispatcher.class.getProtectionDomain().getCodeSource().getLocation();
        ModuleDescriptor module = ModuleFinder.of(Path.of(location.toURI()))
                .find(EMBEDDED_FACADES)
                .orElseThrow()
                .descriptor();

        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder(EMBEDDED_FACADES, EMBEDDED_REPORT);
        assertThat(module.packages()).contains(EMBEDDED_DISPATCHER, EMBEDDED_RELAY);
    }

    @Test
    void shouldWriteTheExamplesAsAUserCould() {
        noDependency(EXAMPLES, COMMAND).check(OURS);
        noDependency(EXAMPLES, EMBEDDED).check(OURS);
        assertThat(isBroken(noDependency(COMMAND, EXAMPLES), OURS)).isTrue();
    }

    @Test
    void shouldKeepEachExampleApart() {
        noDependency("io.mediaproxy.examples.jainsip..", "io.mediaproxy.examples.pkts..")
                .check(OURS);
        noDependency("io.mediaproxy.examples.pkts..", "io.mediaproxy.examples.jainsip..")
                .check(OURS);
        noDependency("io.mediaproxy.examples.jainsip.proxy..", "io.mediaproxy.examples.jainsip.b2bua..")
                .check(OURS);
        noDependency("io.mediaproxy.examples.(jainsip|pkts|stateless)..", "io.mediaproxy.examples.phone..")
                .check(OURS);
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        slices().matching("io.mediaproxy.(**)").should().beFreeOfCycles().check(OURS);
        JavaClasses jdk = new ClassFileImporter().importClasses(String.class, Locale.class);
        assertThat(isBroken(slices().matching("java.(**)").should().beFreeOfCycles(), jdk))
                .isTrue();
    }

    @Test
    void shouldLogThroughSlf4jAndWriteToNoStandardStream() {
        JavaClasses libraries = OURS.that(DescribedPredicate.not(resideInAnyPackage(COMMAND)));
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(OURS);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(libraries);
        JavaClasses shouter = new ClassFileImporter().importClasses(Shouter.class);
        assertThat(isBroken(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING, shouter)).isTrue();
        assertThat(isBroken(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS, shouter)).isTrue();
    }

    /** A class that had an SLF4J logger could write text from outside as it is. */
    @Test
    void shouldLogThroughTheTypeThatShowsOutsideTextOnly() {
        onlyLogsThrough(PROTOCOL_LOG, EMBEDDED_LOG).check(OURS);
        assertThat(isBroken(onlyLogsThrough(EMBEDDED_LOG), OURS)).isTrue();
        assertThat(isBroken(onlyLogsThrough(PROTOCOL_LOG), OURS)).isTrue();
    }

    private static ArchRule onlyLogsThrough(String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.slf4j\\.(?!event\\.Level).*");
    }

    @Test
    void shouldNameRolesAndNotPatterns() {
        rolesForNames().check(OURS);
        for (Class<?> named : List.of(javax.sip.SipFactory.class, java.util.concurrent.locks.LockSupport.class)) {
            boolean pattern = named.getSimpleName().endsWith("Factory");
            assertThat(isBroken(rolesForNames(), new ClassFileImporter().importClasses(named)))
                    .isEqualTo(pattern);
        }
    }

    private static ArchRule onlyDependsOn(String module, String... others) {
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(others).or(arraysOfPrimitives()));
    }

    private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
        return DescribedPredicate.describe(
                "are primitives or arrays of them",
                type -> type.getBaseComponentType().isPrimitive());
    }

    private static ArchRule noDependency(String module, String other) {
        return noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(other);
    }

    private static ArchRule rolesForNames() {
        return noClasses().should().haveNameMatching(".*[.$][A-Za-z0-9]*(Impl|Manager|Helper|Utils?|Factory)");
    }

    private static boolean isBroken(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).hasViolation();
    }

    /** Breaks the rules about logging. */
    private static final class Shouter implements Runnable {
        private static final Logger LOG = Logger.getLogger("shouter");

        @Override
        public void run() {
            LOG.info("here");
            System.out.println("and here");
        }
    }
}
