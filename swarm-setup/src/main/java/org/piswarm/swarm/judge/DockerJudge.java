package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.List;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.Docker;

/** Judges the engine. */
public final class DockerJudge {

	/** For start_interval in stack.yml. Debian 12 has 20.10, Debian 13 has 26.1. */
	public static final int MIN_VERSION = 25;

	private static final String UPGRADE = "upgrade to Debian 13, or install Docker's own packages (docs.docker.com/engine/install)";

	private final Docker docker;

	DockerJudge(Docker docker) {
		this.docker = docker;
	}

	List<Verdict> judge() {
		if (this.docker.snap()) {
			return List.of(Verdict.bad("Docker",
					"is the snap, which cannot read the host's files: run 'sudo snap remove docker', then 'swarm up'"));
		}
		if (this.docker.installed().value().filter((installed) -> !installed).isPresent()) {
			return List.of(missing());
		}
		List<Verdict> verdicts = new ArrayList<>();
		verdicts.add(Verdict.on("Docker", this.docker.info(), this::engine));
		this.docker.info().value().ifPresent((info) -> {
			verdicts.add(logs(info.logs()));
			verdicts.add(group());
		});
		return verdicts;
	}

	private Verdict missing() {
		return this.docker.candidate().map((candidate) -> {
			return (major(candidate) >= MIN_VERSION)
					? Verdict.up("Docker", "is not installed; the distribution offers " + candidate)
					: Verdict.bad("Docker", "is not installed, and the distribution offers " + candidate
							+ ", which is older than " + MIN_VERSION + ": " + UPGRADE);
		})
			.orElseGet(() -> Verdict.up("Docker",
					"is not installed, and apt does not know yet which version it can install"));
	}

	private Verdict engine(DockerInfo info) {
		if (major(info.version()) < MIN_VERSION) {
			return Verdict.bad("Docker", info.version() + " is older than " + MIN_VERSION + ": " + UPGRADE);
		}
		if (info.rootless()) {
			return Verdict.bad("Docker", "runs rootless, which Swarm's networks do not support: install it as root");
		}
		if (this.docker.settings().nftables()) {
			return Verdict.bad("Docker", "uses nftables itself, which Swarm does not support: remove firewall-backend "
					+ "from /etc/docker/daemon.json, then run 'sudo systemctl restart docker'");
		}
		return Verdict.ok("Docker", info.version() + ", " + info.storage() + ", cgroup v" + info.cgroup());
	}

	private Verdict logs(String driver) {
		if (driver.equals("local")) {
			return Verdict.ok("logs", "limited (driver local)");
		}
		if (this.docker.settings().logsLimited()) {
			return Verdict.note("logs",
					"driver " + driver + " until the engine restarts: run 'sudo systemctl restart docker', "
							+ "which stops its containers for some seconds");
		}
		return this.docker.settings().exist()
				? Verdict.note("logs",
						"driver " + driver + ": /etc/docker/daemon.json is your own file; set "
								+ "\"log-driver\": \"local\" there, or logs fill the SD card")
				: Verdict.up("logs", "driver " + driver + " has no limit and fills the SD card");
	}

	private Verdict group() {
		String login = this.docker.login();
		return Verdict.on("group", this.docker.inGroup(),
				(member) -> (member || login.equals("root")) ? Verdict.ok("group", login + " can use docker")
						: Verdict.up("group", login + " is not in the group docker"));
	}

	/** The number before the first point; without the epoch of a Debian version. */
	static int major(String version) {
		String digits = version.replaceFirst("^[0-9]+:", "").replaceFirst("(?s)[^0-9].*", "");
		return (digits.isEmpty() || digits.length() > 6) ? 0 : Integer.parseInt(digits);
	}

}
