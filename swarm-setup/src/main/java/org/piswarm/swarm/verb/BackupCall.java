package org.piswarm.swarm.verb;

import java.nio.file.Path;
import java.time.Duration;

import org.piswarm.swarm.backup.BackupAnswer;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * The script on a manager that stops its engine, saves the state and starts the engine
 * again. The file with the state exists on the manager until this is closed, or the
 * connection breaks.
 */
final class BackupCall implements AutoCloseable {

	/** The limits of the script's commands. */
	private static final Duration DEADLINE = Duration.ofMinutes(7);

	private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(10);

	private final Ssh ssh;

	private final Progress progress;

	private final Pi manager;

	private final HeldCall call;

	BackupCall(Ssh ssh, Progress progress, Pi manager) {
		this.ssh = ssh;
		this.progress = progress;
		this.manager = manager;
		this.call = new HeldCall(ssh.start(manager, Script.BACKUP.text()));
	}

	/** Waits until the state is saved and the engine runs again. */
	BackupAnswer save() {
		String waiting = "the engine of " + this.manager.name();
		this.progress.begin(waiting);
		String out = this.call.await(BackupAnswer::isComplete, DEADLINE);
		this.progress.end(waiting);
		return BackupAnswer.parse(this.manager.name(), out + "\n");
	}

	/** Copies the state to this machine. */
	Fact<Path> download() {
		String waiting = "the state from " + this.manager.name();
		this.progress.begin(waiting);
		Fact<Path> file = this.ssh.download(this.manager, "exec cat /run/swarm-backup/swarm.tgz\n", DOWNLOAD_DEADLINE);
		this.progress.end(waiting);
		return file;
	}

	@Override
	public void close() {
		this.call.finish();
		this.call.await((out) -> false, Duration.ofSeconds(5));
		this.call.close();
	}

}
