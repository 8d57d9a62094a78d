package io.mediaproxy.cli.pcap;

/** What was found in a frame. */
sealed interface FrameContent permits IpPacket, FrameContent.Foreign, FrameContent.Broken {
    /** Something that no SIP over UDP is in. */
    record Foreign() implements FrameContent {}

    /**
     * What cannot be read.
     *
     * @param why one of a few texts, so that it can be counted
     */
    record Broken(String why) implements FrameContent {}

    /**
     * Looks into a frame.
     *
     * @param isCut whether the capture has not all of the frame
     */
    static FrameContent of(int linkType, byte[] frame, boolean isCut) {
        int ip = LinkLayer.findIp(linkType, frame, 0, frame.length);
        return switch (ip) {
            case LinkLayer.NOT_IP -> new Foreign();
            case LinkLayer.TOO_SHORT -> new Broken("a frame is shorter than its header");
            case LinkLayer.UNKNOWN -> new Broken("the link type is not one that is read");
            default -> IpPacket.of(frame, ip, isCut);
        };
    }
}
