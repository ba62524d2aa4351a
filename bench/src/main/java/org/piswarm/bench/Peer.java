package org.piswarm.bench;

import java.util.List;
import java.util.Map;

/**
 * A server that can be started.
 *
 * @param name its name in PEERS and in the tables
 * @param version what runs, with versions
 * @param port where it listens on the loopback
 * @param command how to start it
 * @param environment variables in addition to those of this process
 */
record Peer(String name, String version, int port, List<String> command, Map<String, String> environment) {

}
