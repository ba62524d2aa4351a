package org.piswarm.swarm.verb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.piswarm.swarm.backup.BackupFile;
import org.piswarm.swarm.backup.Manifest;
import org.piswarm.swarm.backup.RestorePlan;
import org.piswarm.swarm.backup.Survivors;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.prepare.Preparation;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Restores a backup onto a new Pi. */
@Command(name = "restore", header = "restores the state of a lost manager on a new Pi that has its address",
		description = "Restores a backup onto the first Pi of the list, for a manager that is lost: a new Pi, in no Swarm, at the "
				+ "address of the lost one. It installs Docker first, if needed. Then it compares the Swarm with the backup.",
		footer = "Exit code: 0 if the Swarm of the backup runs with all its nodes and services, 1 if not or unknown, "
				+ "2 if the arguments are wrong.")
final class Restore implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Parameters(paramLabel = "FILE", description = "a file that 'swarm backup' made")
	private Path file = Path.of("");

	@Override
	public Integer call() {
		BackupFile backup = BackupFile.verify(this.file);
		Manifest manifest = backup.manifest();
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			progress.say(this.file + " is whole: made " + manifest.time() + ", nodes: " + manifest.nodes().size()
					+ ", services: " + manifest.services().size());
			Survey survey = new Survey(ssh, progress);
			Scout scout = new Scout(ssh, survey, progress);
			Scene scene = scout.scene(this.swarm);
			Pi pi = this.swarm.pis().get(0);
			PiFacts facts = known(pi, scene.of(pi));
			if (RestorePlan.of(manifest, pi, facts, this.swarm.isConfirmed()) == RestorePlan.VERIFY) {
				progress.say(pi.name() + " is already a node of that Swarm, so nothing is restored");
			}
			else {
				Survivors.check(manifest, pi, scene.manager(), scene.facts());
				Preparer preparer = new Preparer(ssh, progress);
				Preparation preparation = preparer.plan(pi, facts, scene.facts());
				if (this.swarm.isDryRun()) {
					preparer.show(pi, preparation);
					progress.say(pi.name() + ": would restore the state of the Swarm");
					return 0;
				}
				try (Lock lock = Lock.take(ssh, lockers(pi, scene))) {
					preparer.apply(pi, preparation, lock);
					if (preparation.reboot()) {
						new Reboot(ssh, survey, progress).apply(pi, facts, lock);
					}
					restore(ssh, progress, pi, backup, facts.network().address().value().orElseThrow(), lock);
				}
			}
			new RestoreCheck(scout, pi, manifest).apply();
			progress.say("all nodes are back; 'swarm deploy' brings the images to the new one");
			return 0;
		}
	}

	private static PiFacts known(Pi pi, Fact<PiFacts> facts) {
		return facts.fold((known) -> known, (reason) -> {
			throw new Failure(pi.name() + ": " + reason);
		});
	}

	/** The Pi, too, which may become a manager of the Swarm now. */
	private static List<Pi> lockers(Pi pi, Scene scene) {
		List<Pi> pis = new ArrayList<>(List.of(pi));
		pis.addAll(scene.managers());
		return pis;
	}

	private static void restore(Ssh ssh, Progress progress, Pi pi, BackupFile backup, String address, Lock lock) {
		try (RestoreCall call = new RestoreCall(ssh, progress, pi, backup, address)) {
			call.send(backup);
			lock.requireHeld();
			lock.interruptionLeaves("a script on " + pi.name() + " restores the state to the end: wait some minutes");
			progress.say(pi.name() + ": restores the state of the Swarm");
			call.apply();
			lock.interruptionLeaves("");
		}
		progress.say(pi.name() + " is the manager again; waiting for the other nodes");
	}

}
