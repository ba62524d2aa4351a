package org.piswarm.swarm.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.piswarm.swarm.pis.Pi;

/**
 * Command lines of {@code ssh}.
 *
 * @param config another configuration file, or null
 * @param acceptNew whether the host keys of new Pis are accepted
 * @param directory for the sockets of shared connections
 */
record SshCommand(@Nullable Path config, boolean acceptNew, Path directory) {

	/**
	 * Runs the script on standard input as root, in any login shell. Only the login shell
	 * knows who logged in, and to which address. Under LC_ALL=C, messages are in English
	 * and numbers have points.
	 */
	static final String AS_ROOT = asRoot("sh -s");

	/** Writes standard input to the file that the script {@code restore.sh} reads. */
	static final String UPLOAD = asRoot("sh -c \"umask 077; cat >/run/swarm-restore/swarm.tgz\"");

	/**
	 * A user's configuration for logging in may do more: a Pi must not get the user's
	 * agent, for example, and a terminal would mix output and errors.
	 */
	private static final List<String> ONLY_SCRIPTS = List.of("ForwardAgent=no", "ForwardX11=no",
			"ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no");

	/** The command is part of a text in single quotes. */
	private static String asRoot(String command) {
		return "sh -c 'LC_ALL=C; export LC_ALL; unset LANGUAGE; command=\"sudo -n\"; "
				+ "[ \"$(id -u)\" != 0 ] || command=; "
				+ "exec $command env LC_ALL=C LOGIN=\"$(id -un)\" SSH_CONNECTION=\"$SSH_CONNECTION\" " + command + "'";
	}

	/**
	 * Over the one connection of a Pi, which the first command opens. It asks nothing.
	 */
	List<String> shared(Pi pi, String remote) {
		return of(pi, remote, "BatchMode=yes", "StrictHostKeyChecking=" + (this.acceptNew ? "accept-new" : "yes"),
				"ControlMaster=auto", "ControlPath=" + this.directory + "/%C", "ControlPersist=60");
	}

	/** Closes the shared connection of a Pi. */
	List<String> exit(Pi pi) {
		List<String> command = of(pi, "", "ControlPath=" + this.directory + "/%C");
		command.addAll(1, List.of("-O", "exit"));
		command.remove(command.size() - 1);
		return command;
	}

	/**
	 * Over a connection of its own, which this machine's other processes control through
	 * a socket.
	 */
	List<String> alone(Pi pi, String remote, Path socket) {
		return of(pi, remote, "BatchMode=yes", "StrictHostKeyChecking=" + (this.acceptNew ? "accept-new" : "yes"),
				"ControlMaster=yes", "ControlPath=" + socket, "ControlPersist=no");
	}

	/** Asks the user about an unknown host key, and nothing else. */
	List<String> asking(Pi pi, String remote) {
		return of(pi, remote, "StrictHostKeyChecking=ask", "ControlPath=none", "PasswordAuthentication=no",
				"KbdInteractiveAuthentication=no", "NumberOfPasswordPrompts=0");
	}

	private List<String> of(Pi pi, String remote, String... options) {
		List<String> command = new ArrayList<>(List.of("ssh"));
		if (this.config != null) {
			command.addAll(List.of("-F", this.config.toString()));
		}
		List<String> all = new ArrayList<>(List.of(options));
		all.addAll(List.of("ConnectTimeout=8", "ServerAliveInterval=5", "ServerAliveCountMax=3"));
		all.addAll(ONLY_SCRIPTS);
		all.forEach((option) -> command.addAll(List.of("-o", option)));
		if (pi.port() != null) {
			command.addAll(List.of("-p", pi.port().toString()));
		}
		command.addAll(List.of("--", pi.destination(), remote));
		return command;
	}

}
