package org.piswarm.swarm;

import java.io.PrintWriter;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.terminal.Text;
import org.piswarm.swarm.verb.Swarm;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a verb. The exit code is 0 if all is well, 1 if something is not, 2 if the
 * arguments are wrong.
 */
public final class Main {

	private Main() {
	}

	public static void main(String[] arguments) {
		CommandLine command = new CommandLine(new Swarm()).setParameterExceptionHandler((ex, args) -> {
			fail(ex.getCommandLine().getErr(), explain(ex) + " (see 'swarm --help')");
			return 2;
		}).setExecutionExceptionHandler((ex, line, result) -> {
			if (!(ex instanceof Failure)) {
				throw ex;
			}
			fail(line.getErr(), String.valueOf(ex.getMessage()));
			return 1;
		});
		// It is the short text in the list of verbs.
		command.getSubcommands()
			.values()
			.forEach((verb) -> verb.getHelpSectionMap().remove(UsageMessageSpec.SECTION_KEY_HEADER));
		System.exit(command.execute(arguments));
	}

	private static String explain(ParameterException ex) {
		CommandLine command = ex.getCommandLine();
		if (command.getParent() == null) {
			String verbs = ": use " + String.join(", ", command.getSubcommands().keySet());
			if (ex instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
				return "unknown command '" + unmatched.getUnmatched().get(0) + "'" + verbs;
			}
			if (ex.getClass() == ParameterException.class) {
				return "a command is missing" + verbs;
			}
		}
		if (ex instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
			return "'" + command.getCommandName() + "' does not take '" + String.join(" ", unmatched.getUnmatched())
					+ "'";
		}
		return String.valueOf(ex.getMessage());
	}

	private static void fail(PrintWriter err, String message) {
		err.println("swarm: " + Text.safe(message.replace('\n', ' ')));
	}

}
