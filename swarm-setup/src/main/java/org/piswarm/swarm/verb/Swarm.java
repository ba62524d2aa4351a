package org.piswarm.swarm.verb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;

import org.jspecify.annotations.Nullable;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.PiList;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.stack.StackName;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command and the options of all verbs. */
@Command(name = "swarm", customSynopsis = "swarm [OPTION...] VERB",
		description = "Makes a Docker Swarm of Raspberry Pis and operates it. 'swarm VERB --help' says more about a verb.",
		commandListHeading = "Verbs:%n",
		footer = "Exit code: 0 if it is done, or all is well; 1 if something is not well, unknown, or could not be done; "
				+ "2 if the arguments are wrong.",
		subcommands = { Check.class, Up.class, Deploy.class, Status.class, Drain.class, Activate.class, Rebalance.class,
				Backup.class, Restore.class, Down.class })
public final class Swarm {

	@Option(names = "--pis", paramLabel = "LIST", scope = ScopeType.INHERIT,
			description = "a file with one user@host per line, or the Pis themselves, such as pi@pi1,pi@pi2 (default: swarm-setup/pis)")
	private String list = System.getProperty("swarm.pis", "swarm-setup/pis");

	@Option(names = "--accept-new", scope = ScopeType.INHERIT,
			description = "accepts the host keys of new Pis; never those that have changed")
	private boolean acceptNew;

	@Option(names = "--ssh-config", paramLabel = "FILE", scope = ScopeType.INHERIT,
			description = "another configuration file for SSH")
	private @Nullable Path sshConfig;

	@Option(names = { "--help", "-h" }, usageHelp = true, scope = ScopeType.INHERIT, description = "this text")
	private boolean help;

	// All verbs accept these three; some do not need them.
	@Option(names = "--name", paramLabel = "NAME", scope = ScopeType.INHERIT,
			description = "the name of the stack (default: for files below samples/NAME, NAME; for others, numbers)")
	private @Nullable String stack;

	@Option(names = "--dry-run", scope = ScopeType.INHERIT,
			description = "shows what would be done on which Pi, and changes nothing")
	private boolean dryRun;

	@Option(names = { "--yes", "-y" }, scope = ScopeType.INHERIT, description = "confirms without a question")
	private boolean yes;

	boolean isDryRun() {
		return this.dryRun;
	}

	/**
	 * Whether a user can answer questions. Only the launcher can see a terminal on every
	 * Java version.
	 */
	boolean hasTerminal() {
		return Boolean.getBoolean("swarm.terminal");
	}

	/** Whether the user confirms. No answer is a no. */
	boolean confirms(String question) {
		if (this.yes) {
			return true;
		}
		System.out.print(question + " [y/N] ");
		System.out.flush();
		Scanner answer = new Scanner(System.in, StandardCharsets.UTF_8);
		return answer.hasNextLine() && answer.nextLine().strip().matches("(?i)y|yes");
	}

	boolean isConfirmed() {
		return this.yes;
	}

	/** The name of the stack of these files. */
	String stack(CommandLine line, List<Path> files) {
		String name = (this.stack != null) ? this.stack
				: StackName.of(files, project().resolve("samples"))
					.orElseThrow(() -> new ParameterException(line,
							"not all of these files are of the same sample: pass --name with the name of the stack"));
		if (!name.matches("[a-z][a-z0-9_-]*")) {
			throw new ParameterException(line,
					"'" + name + "' is not a name for a stack: use small letters, digits, - and _, such as numbers");
		}
		return name;
	}

	/** The directory of this project. */
	static Path project() {
		return Path.of(System.getProperty("swarm.project", "."));
	}

	List<Pi> pis() {
		return PiList.read(this.list);
	}

	Ssh ssh() {
		if (this.sshConfig != null && !Files.isReadable(this.sshConfig)) {
			throw new Failure("cannot read " + this.sshConfig + ": check the value of --ssh-config");
		}
		Ssh ssh = new Ssh(this.sshConfig, this.acceptNew);
		// Also after Ctrl-C.
		Runtime.getRuntime().addShutdownHook(new Thread(ssh::end));
		return ssh;
	}

	/** Whether a user can be asked about host keys. */
	boolean canAsk() {
		return !this.acceptNew && hasTerminal();
	}

}
