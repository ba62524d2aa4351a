package org.piswarm.swarm.verb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;

/**
 * A directory in a manager's memory for the files of a stack. A process on the manager
 * deletes it, also if the connection breaks.
 */
final class Stage implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static final Duration DEPLOY_DEADLINE = Duration.ofSeconds(180);

	private static final Pattern DIRECTORY = Pattern.compile("/run/swarm-files\\.[A-Za-z0-9]+");

	private final Ssh ssh;

	private final Pi manager;

	private final HeldCall call;

	private final Path root;

	Stage(Ssh ssh, Pi manager) {
		this.ssh = ssh;
		this.manager = manager;
		this.call = new HeldCall(ssh.start(manager, Script.STAGE.text()));
		String out = this.call.await((text) -> text.endsWith("\n"), DEADLINE);
		if (!DIRECTORY.matcher(out).matches()) {
			this.call.close();
			throw new Failure(manager.name() + " did not make a directory for the stack files" + this.call.complaint()
					+ ", so nothing was changed: run 'swarm check', then run this command again");
		}
		this.root = Path.of(out);
	}

	Path root() {
		return this.root;
	}

	/** The directory that stands for the one of the first stack file. */
	Path place() {
		return this.root.resolve("1/2/3/4/files");
	}

	void bring(Path file, String path) {
		try {
			bring(Files.readAllBytes(file), path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void bring(byte[] content, String path) {
		String script = Script.STAGE_FILE.with(place().toString(), path, Base64.getEncoder().encodeToString(content));
		this.ssh.run(this.manager, script, DEADLINE).fold((out) -> out, (reason) -> {
			throw new Failure("could not bring " + path + " to " + this.manager.name()
					+ ", so the services were not changed: " + reason);
		});
	}

	/** The first files of the stack as one, with the values of these variables. */
	Fact<Reply> config(int files, Map<String, String> variables) {
		List<String> arguments = new ArrayList<>(List.of(place().toString(), Integer.toString(files)));
		variables.forEach((name, value) -> arguments.add(name + "=" + value));
		return this.ssh.call(this.manager, Script.STACK_CONFIG.with(arguments.toArray(String[]::new)), DEADLINE);
	}

	/** Hands over a stack file that was brought. */
	Fact<Reply> deploy(String path, String name, List<String> options) {
		List<String> arguments = new ArrayList<>(List.of(place().toString(), path, name));
		arguments.addAll(options);
		return this.ssh.call(this.manager, Script.STACK_DEPLOY.with(arguments.toArray(String[]::new)), DEPLOY_DEADLINE);
	}

	/** The manager deletes the directory once it gets no more lines. */
	@Override
	public void close() {
		this.call.finish();
		this.call.await((text) -> false, Duration.ofSeconds(10));
		this.call.close();
	}

}
