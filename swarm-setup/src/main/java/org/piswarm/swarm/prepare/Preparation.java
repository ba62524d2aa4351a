package org.piswarm.swarm.prepare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.Docker;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.DockerJudge;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.ssh.Script;

/**
 * What a Pi lacks.
 *
 * @param steps the changes, in their order
 * @param reboot whether it must reboot afterwards
 */
public record Preparation(List<Step> steps, boolean reboot) {

	private static final Duration SHORT = Duration.ofMinutes(2);

	/** A slow SD card, a slow network, and another apt that is in progress. */
	private static final Duration INSTALLATION = Duration.ofMinutes(20);

	public boolean isDone() {
		return this.steps.isEmpty() && !this.reboot;
	}

	/** Unknown if a fact is that it depends on. */
	public static Fact<Preparation> of(PiFacts facts) {
		Docker docker = facts.docker();
		Fact<Boolean> inGroup = docker.login().equals("root") ? Fact.known(true) : docker.inGroup();
		return facts.machine()
			.limits()
			.enforced()
			.flatMap((enforced) -> docker.installed()
				.flatMap((installed) -> logs(docker, installed)
					.flatMap((logs) -> inGroup.map((member) -> of(facts, enforced, installed, logs, member)))));
	}

	private static Fact<String> logs(Docker docker, boolean installed) {
		return installed ? docker.info().map(DockerInfo::logs) : Fact.known("json-file");
	}

	private static Preparation of(PiFacts facts, boolean enforced, boolean installed, String logs, boolean inGroup) {
		List<Step> steps = new ArrayList<>();
		if (!enforced && !facts.machine().limits().requested()) {
			steps.add(new Step("turn memory limits on in " + facts.machine().limits().file().orElse("cmdline.txt"),
					Script.MEMORY_LIMITS.text(), SHORT));
		}
		if (!installed) {
			steps.add(new Step("install Docker", Script.INSTALL_DOCKER.with(Integer.toString(DockerJudge.MIN_VERSION)),
					INSTALLATION));
		}
		if (!logs.equals("local") && !facts.docker().settings().exist()) {
			steps.add(new Step("limit the size of container logs", Script.LIMIT_LOGS.text(), SHORT));
		}
		if (!inGroup) {
			steps.add(new Step("let " + facts.docker().login() + " use docker, from the next login on",
					Script.DOCKER_GROUP.text(), SHORT));
		}
		return new Preparation(List.copyOf(steps), !enforced);
	}

}
