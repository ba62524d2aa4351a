package org.piswarm.swarm.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.piswarm.swarm.backup.BackupAnswer;
import org.piswarm.swarm.backup.BackupFile;
import org.piswarm.swarm.backup.BackupPlan;
import org.piswarm.swarm.backup.Manifest;
import org.piswarm.swarm.backup.PartialFile;
import org.piswarm.swarm.backup.Sha256;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Saves the state of the Swarm in a file. */
@Command(name = "backup", header = "saves the state of the Swarm in a file",
		description = "Saves services, nodes, secrets and keys of the Swarm in a file that only you can read. The engine of one "
				+ "manager, and its containers, stop for some seconds.",
		footer = "Exit code: 0 if the file is whole and the engine runs again, 1 if not or unknown, 2 if the arguments are wrong.")
final class Backup implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Parameters(paramLabel = "FILE", description = "a file that does not exist yet")
	private Path file = Path.of("");

	@Override
	public Integer call() {
		PartialFile.check(this.file);
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scout scout = new Scout(ssh, new Survey(ssh, progress), progress);
			Scene scene = scout.scene(this.swarm);
			scene.requireManager();
			BackupPlan first = plan(scene);
			if (this.swarm.isDryRun()) {
				progress.say("would stop the engine of " + first.pi().name()
						+ " for some seconds, and save the state of the Swarm in " + this.file);
				return 0;
			}
			try (Lock lock = Lock.take(ssh, scene.managers()); PartialFile part = PartialFile.create(this.file)) {
				// Another command may have changed the Swarm before the lock was taken.
				Scene now = scene.with(scout.state(scene.managers()));
				BackupPlan plan = plan(now);
				BackupAnswer answer = save(ssh, progress, plan, manifest(now, plan), lock, part);
				answer.lost().ifPresent((reason) -> {
					throw new Failure(plan.pi().name() + ": the backup is in " + this.file
							+ ", and the engine does not run again: see above");
				});
				awaitNode(new Convergence(scout, scene.managers()), plan);
				progress.say("what " + plan.pi().name()
						+ " ran starts again by now; 'swarm status' shows when all of it runs");
				return 0;
			}
		}
	}

	private static BackupPlan plan(Scene scene) {
		return BackupPlan.of(scene.managers(), scene.identities(), scene.state());
	}

	private static Manifest manifest(Scene scene, BackupPlan plan) {
		Map<String, String> addresses = new HashMap<>();
		scene.nodes()
			.forEach((node) -> scene.factsOf(node)
				.flatMap((known) -> known.docker().info().value())
				.map((info) -> info.swarm().address())
				.filter((address) -> !address.isEmpty())
				.ifPresent((address) -> addresses.put(node.id(), address)));
		String id = scene.home().value().flatMap((home) -> home).orElseThrow();
		return Manifest.of(Instant.now().truncatedTo(ChronoUnit.SECONDS), id, plan.node(), scene.state(), addresses)
			.fold((manifest) -> manifest, (reason) -> {
				throw new Failure("the state of the Swarm is unknown, so no engine was stopped: " + reason);
			});
	}

	private BackupAnswer save(Ssh ssh, Progress progress, BackupPlan plan, Manifest manifest, Lock lock,
			PartialFile part) {
		String name = plan.pi().name();
		lock.requireHeld();
		progress.say(name + " stops its engine, and its containers, for some seconds");
		lock.interruptionLeaves("a script on " + name + " starts its engine again: check it with 'swarm check'");
		try (BackupCall call = new BackupCall(ssh, progress, plan.pi())) {
			BackupAnswer answer = call.save();
			lock.interruptionLeaves("");
			answer.lost().ifPresent((reason) -> {
				String text = name + ": " + BackupAnswer.advice(reason);
				// Whatever happens from now on, this must be known.
				System.err.println(Text.safe(text));
				lock.interruptionSays(text);
			});
			Path state = call.download().fold((path) -> path, (reason) -> {
				throw new Failure(name + ": the backup could not be copied to this machine: " + reason + after(answer));
			});
			part.write((path) -> {
				if (!Sha256.of(state).equals(answer.checksum())) {
					throw new Failure(name + ": the backup did not arrive completely" + after(answer));
				}
				BackupFile.write(path, manifest, state);
			});
			progress.say(this.file + ": " + size()
					+ " KB, for you alone (it contains the Swarm's keys: protect it like a password)");
			return answer;
		}
	}

	private static String after(BackupAnswer answer) {
		return answer.lost()
			.map((reason) -> ". Nothing was kept, and the engine does not run again: see above")
			.orElse("; the engine runs again, nothing was kept: run it again");
	}

	private long size() {
		try {
			return Files.size(this.file) / 1024 + 1;
		}
		catch (IOException ex) {
			throw new Failure("cannot read " + this.file + " after it was written: " + ex.getMessage());
		}
	}

	private void awaitNode(Convergence convergence, BackupPlan plan) {
		String name = plan.node().hostname();
		convergence.await(name, (state) -> state.nodes()
			.map((nodes) -> nodes.stream().anyMatch((node) -> node.id().equals(plan.node().id()) && node.isReady())
					? List.of() : List.of("it is not ready")))
			.fold(SwarmState::nodes, (left) -> {
				throw new Failure(
						"the backup is in " + this.file + ", and the engine of " + name + " runs again. After "
								+ Convergence.LIMIT_MINUTES + " minutes, " + left + ": run 'swarm check'");
			});
	}

}
