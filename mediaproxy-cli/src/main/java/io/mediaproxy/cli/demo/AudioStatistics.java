package io.mediaproxy.cli.demo;

/**
 * The audio of one phone.
 *
 * @param sentPackets RTP packets sent
 * @param sentBytes their bytes, RTP headers included
 * @param heardPackets RTP packets that carried the other party's tone
 * @param heardBytes their bytes, RTP headers included
 * @param lostPackets missing among those heard
 * @param foreignPackets other datagrams
 */
record AudioStatistics(
        long sentPackets, long sentBytes, long heardPackets, long heardBytes, long lostPackets, long foreignPackets) {}
