package org.piswarm.swarm.verb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Optional;
import java.util.function.Predicate;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.prepare.Preparation;

/**
 * What the Pis lack.
 *
 * @param scene the Pis
 * @param preparer changes them
 * @param missing what each of them lacks; without those that lack nothing
 */
record Preparations(Scene scene, Preparer preparer, Map<Pi, Preparation> missing) {

	static Preparations of(Scene scene, Preparer preparer) {
		Map<Pi, Preparation> missing = new LinkedHashMap<>();
		scene.facts().keySet().forEach((pi) -> {
			Preparation preparation = preparer.plan(pi, known(scene, pi), scene.facts());
			if (!preparation.isDone()) {
				missing.put(pi, preparation);
			}
		});
		return new Preparations(scene, preparer, missing);
	}

	private static PiFacts known(Scene scene, Pi pi) {
		return scene.of(pi).fold((facts) -> facts, (reason) -> {
			throw new Failure(pi.name() + ": " + reason);
		});
	}

	boolean isDone() {
		return this.missing.isEmpty();
	}

	void show() {
		this.missing.forEach(this.preparer::show);
	}

	/**
	 * Applies all but the reboots of members. Managers of the Swarm change one after
	 * another, so that it keeps its majority.
	 */
	void apply(Reboot reboot, Lock lock) {
		SideBySide.run(pis((pi) -> !this.scene.managers().contains(pi)), (pi) -> apply(pi, reboot, lock));
		pis(this.scene.managers()::contains)
			.forEach((manager) -> SideBySide.run(List.of(manager), (pi) -> apply(pi, reboot, lock)));
	}

	private List<Pi> pis(Predicate<Pi> wanted) {
		return this.missing.keySet().stream().filter(wanted).toList();
	}

	private void apply(Pi pi, Reboot reboot, Lock lock) {
		Preparation preparation = this.missing.getOrDefault(pi, new Preparation(List.of(), false));
		lock.requireHeld(pi.name() + " was not changed");
		this.preparer.apply(pi, preparation, lock);
		if (preparation.reboot() && !isMember(pi)) {
			reboot.apply(pi, known(this.scene, pi), lock);
		}
	}

	private boolean isMember(Pi pi) {
		return !this.scene.of(pi).flatMap(Home::swarmOf).equals(Fact.known(Optional.empty()));
	}

	/** The other Pis that must reboot, and on which containers run. */
	List<Pi> busyReboots() {
		return this.missing.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().reboot() && !isMember(entry.getKey()))
			.map(Map.Entry::getKey)
			.filter((pi) -> info(pi).filter((info) -> info.containers() > 0).isPresent())
			.toList();
	}

	/** An engine that starts again would wait for the key of the Swarm. */
	void requireUnlocked() {
		this.missing.keySet()
			.stream()
			.filter((pi) -> info(pi).filter((info) -> info.swarm().autolock()).isPresent())
			.findFirst()
			.ifPresent((pi) -> {
				throw new Failure(pi.name()
						+ ": this Swarm is autolocked, and its engine may have to start again, which "
						+ "needs the key. Nothing was changed: run 'docker swarm update --autolock=false' on it, then run "
						+ "this command again");
			});
	}

	private Optional<DockerInfo> info(Pi pi) {
		return this.scene.of(pi).flatMap((facts) -> facts.docker().info()).value();
	}

	/** The nodes of the Swarm that must reboot: their containers would stop. */
	List<Pi> memberReboots() {
		return this.missing.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().reboot() && isMember(entry.getKey()))
			.map(Map.Entry::getKey)
			.toList();
	}

}
