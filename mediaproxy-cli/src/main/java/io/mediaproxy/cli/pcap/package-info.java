/**
 * What MediaProxy would have made of the calls in a capture file.
 *
 * <pre>
 * file ──► CaptureReader ──► LinkLayer ──► IpPacket ──► Reassembly ──► Datagram ──► RawSipMessage
 *          PcapReader                                                                   │
 *          PcapNgReader                                                                 ▼
 * file ◄── RewrittenCapture ◄── Datagram.framesWith ◄───── new body ◄───── CallBook ◄──► TrialServer ──► dispatcher
 *                                                                              │
 * text or JSON ◄── TextOutput, JsonOutput ◄── CallReport ◄─────────────────────┘
 * </pre>
 *
 * <p>The file and link layers are read here, and not by a library, because none was found that can be trusted with files from
 * strangers. {@code io.pkts:pkts-core} 3.0.18 does not know pcapng, SLL2, loopback or more than one VLAN tag; takes every link type
 * that it does not know for Ethernet; skips four bytes for IPv4 options of any length; ends its loop without a word where a file is
 * cut in a record's header, and for good at one wrong length; and writes back no UDP checksum and, into little-endian files, lengths
 * in the wrong byte order. pcap4j needs the native libpcap to read a file. What is here has a limit for everything that a file can
 * say, and passes on byte by byte what it does not change.
 */
@NullMarked
package io.mediaproxy.cli.pcap;

import org.jspecify.annotations.NullMarked;
