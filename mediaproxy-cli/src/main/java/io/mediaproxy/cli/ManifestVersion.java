package io.mediaproxy.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = MediaProxyCommand.class.getPackage().getImplementationVersion();
        return new String[] {
            "mediaproxy " + (version == null ? "(not run from its jar)" : version) + ", Java "
                    + System.getProperty("java.version")
        };
    }
}
