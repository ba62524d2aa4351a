package org.piswarm.swarm.verb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

import org.piswarm.swarm.backup.BackupFile;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * The script on a Pi that gives its engine the state of a Swarm. Once it has begun, it
 * works to the end, also if the connection breaks.
 */
final class RestoreCall implements AutoCloseable {

	private static final Duration BEGIN_DEADLINE = Duration.ofSeconds(20);

	private static final Duration UPLOAD_DEADLINE = Duration.ofMinutes(10);

	/** The limits of the script's commands, and of a return to the former state. */
	private static final Duration DEADLINE = Duration.ofMinutes(15);

	private final Ssh ssh;

	private final Progress progress;

	private final Pi pi;

	private final HeldCall call;

	/** The address is checked: it is one of an IPv4 network. */
	RestoreCall(Ssh ssh, Progress progress, Pi pi, BackupFile backup, String address) {
		this.ssh = ssh;
		this.progress = progress;
		this.pi = pi;
		this.call = new HeldCall(ssh.start(pi, Script.RESTORE.with(backup.checksum(), address)));
	}

	/** Sends the state. Nothing is changed until all of it has arrived. */
	void send(BackupFile backup) {
		String waiting = "the state to " + this.pi.name();
		this.progress.begin(waiting);
		String begin = this.call.await((out) -> out.endsWith("\n"), BEGIN_DEADLINE);
		if (!begin.equals("ready")) {
			throw begin.startsWith("failed ") ? failure(begin)
					: new Failure(this.pi.name() + " did not begin to restore, and nothing was changed: run it again");
		}
		this.ssh.upload(this.pi, state(backup), UPLOAD_DEADLINE).fold((reply) -> reply, (reason) -> {
			throw new Failure(this.pi.name() + ": the state could not be copied to it: " + reason
					+ ". Nothing was changed; run it again");
		});
		this.progress.end(waiting);
	}

	private Path state(BackupFile backup) {
		try {
			Path state = this.ssh.temporaryFile();
			backup.extractState(state);
			return state;
		}
		catch (IOException | UncheckedIOException ex) {
			throw new Failure("cannot copy the state to " + System.getProperty("java.io.tmpdir") + ": "
					+ ex.getMessage() + ". Nothing was changed; make space there, then run it again");
		}
	}

	/** Exchanges the state of the engine, and waits until it runs with the new one. */
	void apply() {
		String waiting = "the engine of " + this.pi.name();
		this.progress.begin(waiting);
		this.call.say("go");
		String out = this.call.await((text) -> text.endsWith("\n") && text.lines().count() == 2, DEADLINE);
		this.progress.end(waiting);
		if (!out.equals("ready\nrestored")) {
			throw failure(out.replaceFirst("^ready\\s*", ""));
		}
	}

	private Failure failure(String answer) {
		String name = this.pi.name();
		if (answer.startsWith("failed ")) {
			return new Failure(name + ": the state was not restored: " + answer.substring(7)
					+ ". The Pi is in no Swarm, as before: run it again");
		}
		if (answer.startsWith("lost ")) {
			return new Failure(name + ": the state was not restored: " + answer.substring(5)
					+ ". Run 'sudo systemctl restart docker' on it; 'journalctl -u docker' says more");
		}
		return new Failure(name + " did not say whether the state was restored; a script on it works to the end. "
				+ "Wait some minutes, then run it again: it then compares the Swarm with the backup");
	}

	@Override
	public void close() {
		this.call.close();
	}

}
