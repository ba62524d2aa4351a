package org.piswarm.swarm.pis;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One Pi of the list.
 *
 * @param name how the list names it, which is how messages name it
 * @param user the user who logs in
 * @param host a host name, an IPv4 or an IPv6 address
 * @param port the port of its SSH server, or null for the one of the SSH configuration
 * @param role manager or worker
 * @param labels the labels that its node must have
 */
public record Pi(String name, String user, String host, @Nullable Integer port, Role role, Map<String, String> labels) {

	private static final Pattern TARGET = Pattern
		.compile("(?<user>[a-z_][a-z0-9_-]*)@(?:" + "(?<name>[A-Za-z0-9][A-Za-z0-9.-]*)(?::(?<port>[0-9]{1,5}))?"
				+ "|(?<bare>[0-9a-fA-F.]*:" + "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:%[A-Za-z0-9._-]+)?)"
				+ "|\\[(?<literal>[0-9a-fA-F:.]+(?:%[A-Za-z0-9._-]+)?)](?::(?<literalport>[0-9]{1,5}))?)");

	/** The Pi that {@code user@host} names, or null if that is not a target. */
	static @Nullable Pi of(String target, Role role, Map<String, String> labels) {
		Matcher matcher = TARGET.matcher(target);
		if (!matcher.matches()) {
			return null;
		}
		String port = first(matcher, "port", "literalport");
		Integer number = (port == null) ? null : Integer.valueOf(port);
		String host = first(matcher, "name", "bare", "literal");
		if (host == null || number != null && (number < 1 || number > 65535)) {
			return null;
		}
		return new Pi(target, matcher.group("user"), host, number, role, Map.copyOf(labels));
	}

	private static @Nullable String first(Matcher matcher, String... groups) {
		for (String group : groups) {
			if (matcher.group(group) != null) {
				return matcher.group(group);
			}
		}
		return null;
	}

	/** As {@code ssh} takes it, next to the port. */
	public String destination() {
		return this.user + "@" + this.host;
	}

	/** As the file {@code known_hosts} names it. */
	public String knownHost() {
		return (this.port == null) ? this.host : "'[" + this.host + "]:" + this.port + "'";
	}

	/** Whether this Pi's host is a name or address of that node. */
	public boolean isCalled(String hostname, String address) {
		return this.host.equals(address) || this.host.equals(hostname) || this.host.equals(hostname + ".local");
	}

}
