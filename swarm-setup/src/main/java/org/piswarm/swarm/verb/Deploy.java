package org.piswarm.swarm.verb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.images.Kit;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.stack.StackFiles;
import org.piswarm.swarm.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Brings images to the nodes, starts the services, and waits until they run. */
@Command(name = "deploy", header = "brings images to the nodes, starts the services, waits until they run",
		customSynopsis = "swarm deploy [STACK.yml...] [--name NAME] [--yes] [--dry-run]",
		description = {
				"Builds the services of this project that the stack files name, and brings their images to all nodes, without a "
						+ "registry, or through the one that REGISTRY names. Deploys any stack file, or several, of which the "
						+ "later ones add to the earlier. Their configs, secrets and env files are brought along; they must be in "
						+ "the directory of the first file or below it. Files of a sample, below samples/NAME, are the stack NAME "
						+ "unless --name says another one. Services of this stack that are not in the files are "
						+ "removed with --yes, and never without.",
				"Waits until all replicas run and all jobs have completed. If they do not, it says why, with the log, and what "
						+ "runs now, service by service. With --dry-run, the manager reads the files too, and nothing of them "
						+ "stays there.",
				"Then the nodes make class caches of the images that were brought, with which later starts take less time. "
						+ "Ctrl-C ends that at any time." },
		footer = "Exit code: 0 if all replicas run, 1 if not or unknown, 2 if the arguments are wrong.")
final class Deploy implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Spec
	private CommandSpec spec = CommandSpec.create();

	@Parameters(arity = "0..*", paramLabel = "STACK.yml",
			description = "stack files (default: the one of this project)")
	private List<Path> paths = new ArrayList<>();

	@Override
	public Integer call() {
		String name = this.swarm.stack(this.spec.commandLine(), this.paths);
		long limit = limit();
		StackFiles files = StackFiles
			.read(this.paths.isEmpty() ? List.of(Swarm.project().resolve("stack.yml")) : this.paths);
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scout scout = new Scout(ssh, new Survey(ssh, progress), progress);
			Scene scene = scout.scene(this.swarm);
			scene.requireManager();
			scene.nodes();
			Images images = new Images(new Kit(Swarm.project(), ssh), scene, progress);
			Deployment deployment = new Deployment(scout, scene, images, files, name, this.swarm.isConfirmed());
			if (this.swarm.isDryRun()) {
				deployment.show();
			}
			else {
				deployment.run(limit);
			}
			return 0;
		}
	}

	/** For services that need longer: an environment variable, because few need it. */
	private static long limit() {
		String limit = System.getenv().getOrDefault("SWARM_DEPLOY_LIMIT", "600");
		if (!limit.matches("[0-9]{1,6}")) {
			throw new Failure("SWARM_DEPLOY_LIMIT=" + limit
					+ " is not allowed: it must be the seconds in which all services converge, such as 600");
		}
		return Long.parseLong(limit);
	}

}
