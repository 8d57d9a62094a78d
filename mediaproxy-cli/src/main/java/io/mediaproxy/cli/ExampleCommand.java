package io.mediaproxy.cli;

import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.jainsip.b2bua.ExampleB2bua;
import io.mediaproxy.examples.jainsip.b2bua.SessionB2bua;
import io.mediaproxy.examples.jainsip.proxy.ExampleProxy;
import io.mediaproxy.examples.pkts.proxy.PktsProxy;
import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import javax.sip.SipException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mediaproxy example}: runs one of the servers in the module {@code examples}. */
@Command(
        name = "example",
        header = "Run one of the example servers.",
        description = {
            "",
            "The servers whose source is in the folder examples, to read and to copy. Each puts the relay into every "
                    + "call.",
            "",
            "  jainsip-proxy    a stateful proxy on JAIN-SIP",
            "  jainsip-b2bua    a back-to-back user agent on JAIN-SIP",
            "  jainsip-session  the same, which handles offers and answers itself",
            "  pkts-proxy       a stateless proxy on pkts.io",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:never; a signal ends the process with Java's exit code: 143 for SIGTERM, 130 for Ctrl-C",
            "1:the server could not continue, and one line on standard error gives the reason",
            "2:bad input or usage, or an address that cannot be bound"
        })
final class ExampleCommand implements Runnable {
    @Parameters(
            paramLabel = "jainsip-proxy|jainsip-b2bua|jainsip-session|pkts-proxy",
            converter = ExampleConverter.class,
            description = "The example.")
    @SuppressWarnings("NullAway.Init") // set by picocli, which requires it
    private Example example;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private ServerOptions options;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it calls anything else
    private CommandSpec spec;

    private enum Example {
        JAINSIP_PROXY {
            @Override
            SipServer start(InetSocketAddress listen, InetSocketAddress next, MediaProxy mediaProxy)
                    throws SipException, IOException {
                return ExampleProxy.start(listen, callee -> next, mediaProxy);
            }
        },
        JAINSIP_B2BUA {
            @Override
            SipServer start(InetSocketAddress listen, InetSocketAddress next, MediaProxy mediaProxy)
                    throws SipException, IOException {
                return ExampleB2bua.start(listen, callee -> next, mediaProxy);
            }
        },
        JAINSIP_SESSION {
            @Override
            SipServer start(InetSocketAddress listen, InetSocketAddress next, MediaProxy mediaProxy)
                    throws SipException, IOException {
                return SessionB2bua.start(listen, callee -> next, mediaProxy);
            }
        },
        PKTS_PROXY {
            @Override
            SipServer start(InetSocketAddress listen, InetSocketAddress next, MediaProxy mediaProxy)
                    throws IOException {
                return PktsProxy.start(listen, next, mediaProxy, ProxyEvents.NONE);
            }
        };

        abstract SipServer start(InetSocketAddress listen, InetSocketAddress next, MediaProxy mediaProxy)
                throws SipException, IOException;
    }

    private static final class ExampleConverter implements ITypeConverter<Example> {
        @Override
        public Example convert(String value) {
            return switch (value) {
                case "jainsip-proxy" -> Example.JAINSIP_PROXY;
                case "jainsip-b2bua" -> Example.JAINSIP_B2BUA;
                case "jainsip-session" -> Example.JAINSIP_SESSION;
                case "pkts-proxy" -> Example.PKTS_PROXY;
                default -> throw InvalidValue.expected("jainsip-proxy, jainsip-b2bua, jainsip-session or pkts-proxy");
            };
        }
    }

    @Override
    public void run() {
        InetSocketAddress next = options.next;
        if (next == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--next=ADDRESS:PORT'");
        }
        options.run(spec, dispatchers -> serve(next, dispatchers));
    }

    private void serve(InetSocketAddress next, ServerOptions.Dispatchers dispatchers) throws InterruptedException {
        try (MediaProxy mediaProxy = options.build(options.mediaProxy(dispatchers));
                SipServer server = start(next, mediaProxy)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("listening on " + Addresses.text(server.address()) + ", calls go to " + Addresses.text(next)
                    + ", dispatcher " + dispatchers.name());
            out.flush();
            server.broken().get();
        } catch (ExecutionException e) {
            throw CommandException.failed("the server cannot continue: " + e.getCause(), e);
        }
    }

    private SipServer start(InetSocketAddress next, MediaProxy mediaProxy) {
        try {
            return example.start(options.listen, next, mediaProxy);
        } catch (IOException e) {
            throw options.cannotListen(e);
        } catch (SipException e) {
            throw CommandException.failed("JAIN-SIP does not start: " + e.getMessage(), e);
        }
    }
}
