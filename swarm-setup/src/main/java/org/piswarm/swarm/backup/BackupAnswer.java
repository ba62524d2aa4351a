package org.piswarm.swarm.backup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.piswarm.swarm.known.Failure;

/**
 * What the script {@code backup.sh} says in the end.
 *
 * @param checksum the checksum of the state
 * @param lost why the engine does not run again; empty if it does
 */
public record BackupAnswer(String checksum, Optional<String> lost) {

	private static final Pattern LAST = Pattern.compile("(?:.*\n)*(?<word>refused|back|lost)(?: (?<reason>.*))?\n");

	private static final Pattern SAVED = Pattern.compile("(?m)^saved (?<checksum>[0-9a-f]{64})$");

	private static final Pattern FAILED = Pattern.compile("(?m)^failed (?<reason>.*)$");

	/** Whether this is all that the script says. */
	public static boolean isComplete(String out) {
		return LAST.matcher(out).matches();
	}

	/**
	 * Reads the answer.
	 * @param pi the name of the Pi
	 * @param out what the script has written
	 * @throws Failure if there is no state
	 */
	public static BackupAnswer parse(String pi, String out) {
		Matcher last = LAST.matcher(out);
		if (!last.matches()) {
			throw new Failure(pi + " did not say whether the backup was made; a script on it starts its engine again "
					+ "within 6 minutes. Nothing was kept: run 'swarm check', then run this command again");
		}
		String reason = Optional.ofNullable(last.group("reason")).orElse("without a reason");
		if (last.group("word").equals("refused")) {
			throw new Failure(pi + ": " + reason + ". Its engine was not stopped, and nothing was kept");
		}
		Optional<String> lost = Optional.of(reason).filter((text) -> last.group("word").equals("lost"));
		Matcher saved = SAVED.matcher(out);
		if (saved.find()) {
			return new BackupAnswer(saved.group("checksum"), lost);
		}
		Matcher failed = FAILED.matcher(out);
		throw new Failure(pi + ": the backup failed: " + (failed.find() ? failed.group("reason") : "without a reason")
				+ lost.map((text) -> ". Nothing was kept. " + advice(text))
					.orElse("; the engine runs again, nothing was kept"));
	}

	/** What to do about an engine that does not run again. */
	public static String advice(String lost) {
		return "Its engine does not run again: " + lost.replaceFirst("\\.$", "")
				+ ". Run 'sudo systemctl restart docker' on it; 'journalctl -u docker' says more";
	}

}
