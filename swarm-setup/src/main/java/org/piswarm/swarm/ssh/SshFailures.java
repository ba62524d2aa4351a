package org.piswarm.swarm.ssh;

import org.piswarm.swarm.pis.Pi;

/** Explains why SSH or sudo failed, from its messages, and says what to do. */
final class SshFailures {

	/** The exit code with which SSH reports its own failures. */
	static final int EXIT = 255;

	private SshFailures() {
	}

	static String explain(Pi pi, Reply reply) {
		String err = reply.err();
		// Docker too says that a connection was refused or timed out.
		if (reply.exit() != EXIT) {
			return explainScript(pi, reply);
		}
		if (err.contains("IDENTIFICATION HAS CHANGED")) {
			return "the host key has changed: another machine answers, or the SD card was written again. If you know why, run 'ssh-keygen -R "
					+ pi.knownHost() + "' and try again";
		}
		if (hasOneOf(err, "host key is known", "Host key verification failed")) {
			return "the host key is not known yet: compare it once with 'ssh " + login(pi)
					+ "', or accept the keys of new Pis with --accept-new";
		}
		if (err.contains("Permission denied")) {
			return "the key is refused: run 'ssh-copy-id " + login(pi)
					+ "'; if the key has a passphrase, add it to the agent with 'ssh-add'";
		}
		if (hasOneOf(err, "Could not resolve", "not known")) {
			return "there is no such host: check the name, or use the address";
		}
		if (err.contains("Connection refused")) {
			return "SSH is off: enable it in Raspberry Pi Imager, or run 'sudo systemctl enable --now ssh' on the Pi";
		}
		if (hasOneOf(err, "Connection closed by", "Connection reset by")) {
			return "closes the connection: 'journalctl -u ssh' on the Pi says why";
		}
		if (hasOneOf(err, "timed out", "Timeout, server", "No route to host", "unreachable", "Broken pipe")) {
			return "does not answer: is it on, and on this network?";
		}
		return "SSH failed: " + reply.complaint();
	}

	private static String explainScript(Pi pi, Reply reply) {
		String err = reply.err();
		if (hasOneOf(err, "a password is required", "a terminal is required", "may not run sudo",
				"not in the sudoers")) {
			return "sudo asks for a password: on the Pi, run 'echo \"%1$s ALL=(ALL) NOPASSWD: ALL\" | sudo tee /etc/sudoers.d/010_%1$s'"
				.formatted(pi.user());
		}
		if (err.contains("sudo: not found")) {
			return "has no sudo: install it, or use root@" + pi.host();
		}
		return "the script failed: " + reply.complaint();
	}

	private static String login(Pi pi) {
		return (pi.port() == null) ? pi.destination() : "-p " + pi.port() + " " + pi.destination();
	}

	private static boolean hasOneOf(String text, String... parts) {
		for (String part : parts) {
			if (text.contains(part)) {
				return true;
			}
		}
		return false;
	}

}
