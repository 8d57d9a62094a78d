package io.mediaproxy.cli.pcap;

/** The content of a captured frame. */
sealed interface FrameContent permits IpPacket, FrameContent.Foreign, FrameContent.Broken {
    /** Something that cannot have SIP over UDP in it. */
    record Foreign() implements FrameContent {}

    /**
     * Something that cannot be read.
     *
     * @param why one of a few texts, so that it can be counted
     */
    record Broken(String why) implements FrameContent {}
}
