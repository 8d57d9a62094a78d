/**
 * Replays the calls in a capture file through MediaProxy.
 *
 * <pre>
 * file ──► CaptureReader ──► LinkLayer ──► IpPacket ──► Reassembly ──► Datagram ──► CapturedMessage
 *          PcapReader                                                                  │
 *          PcapNgReader                                                                ▼
 * file ◄── RewrittenCapture ◄── Datagram.framesWith ◄───── new body ◄───── CallBook ◄──► TrialServer ──► dispatcher
 *                                                                              │
 * text or JSON ◄── TextOutput, JsonOutput ◄── CallReport ◄─────────────────────┘
 * </pre>
 *
 * <p>The file and link layers are read here because no library was found that is safe with files from strangers.
 * {@code io.pkts:pkts-core} 3.0.18 does not support pcapng, SLL2, loopback or more than one VLAN tag; reads every
 * unknown link type as Ethernet; skips four bytes for IPv4 options of any length; ends silently where a file is cut in
 * a record's header, and at the first wrong length; and writes no UDP checksum and, into little-endian files, lengths
 * in the wrong byte order. pcap4j needs the native libpcap to read a file. The code here limits every value of a file,
 * and copies all bytes that it does not change.
 */
@NullMarked
package io.mediaproxy.cli.pcap;

import org.jspecify.annotations.NullMarked;
