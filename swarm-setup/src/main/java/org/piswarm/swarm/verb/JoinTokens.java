package org.piswarm.swarm.verb;

import java.time.Duration;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * The join tokens of a Swarm. A process on a manager replaces them after use, also if the
 * connection breaks.
 */
final class JoinTokens implements AutoCloseable {

	/** The limits of the script's commands. */
	private static final Duration DEADLINE = Duration.ofSeconds(240);

	/** The form that Docker documents; a token becomes part of a script. */
	private static final String TOKEN = "SWMTKN-1-[0-9a-z]{1,60}-[0-9a-z]{1,40}";

	private final Progress progress;

	private final Pi manager;

	private final HeldCall call;

	JoinTokens(Ssh ssh, Progress progress, Pi manager) {
		this.progress = progress;
		this.manager = manager;
		this.call = new HeldCall(ssh.start(manager, Script.JOIN_TOKENS.text()));
	}

	/** The token for a role. */
	String of(Role role) {
		String out = answer(2);
		String token = out.lines()
			.filter((line) -> line.startsWith(role + " "))
			.map((line) -> line.substring(role.toString().length() + 1))
			.findFirst()
			.orElse("");
		if (!token.matches(TOKEN)) {
			throw new Failure(
					this.manager.name() + ": gives no join token: " + reason(out) + ". Not all is done: run it again");
		}
		return token;
	}

	/** Replaces the tokens: what the Pis have seen opens nothing any more. */
	void replace() {
		this.call.finish();
		String out = answer(3);
		if (!out.endsWith("\nreplaced")) {
			throw new Failure(this.manager.name() + ": whether it has replaced its join tokens is unknown: "
					+ reason(out.replaceFirst("(?s).*\n", ""))
					+ ". Run 'docker swarm join-token --rotate worker' on it, and the same with manager");
		}
	}

	private String answer(int lines) {
		String waiting = this.manager.name() + " (join tokens)";
		this.progress.begin(waiting);
		String out = this.call.await((text) -> text.endsWith("\n") && text.lines().count() >= lines, DEADLINE);
		this.progress.end(waiting);
		return out;
	}

	/** Never what could be a token. */
	private String reason(String answer) {
		if (answer.startsWith("failed ")) {
			return answer.substring(7);
		}
		String complaint = this.call.complaint();
		return complaint.isEmpty() ? "its answer cannot be used" : "no answer" + complaint;
	}

	/** Without {@link #replace}, the connection breaks, and so they are replaced too. */
	@Override
	public void close() {
		this.call.close();
	}

}
