package org.piswarm.swarm.verb;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Rollout;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.stack.Stack;
import org.piswarm.swarm.stack.StackFiles;
import org.piswarm.swarm.terminal.Progress;

/**
 * The steps of a deploy.
 *
 * @param scout asks the managers
 * @param scene the Swarm
 * @param images brings images
 * @param files the stack files
 * @param name the name of the stack
 * @param confirmed whether services that left the files may be removed
 */
record Deployment(Scout scout, Scene scene, Images images, StackFiles files, String name, boolean confirmed) {

	/**
	 * Says what it would do. The manager reads the files; nothing of them stays there.
	 */
	void show() {
		try (Stage stage = new Stage(ssh(), manager())) {
			Stack stack = new StackReader(stage, this.files, progress()).read();
			this.images.show(stack);
			Release release = new Release(this.name, stack, this.images.options(), true);
			Rollout rollout = release.before(this.scene.state());
			if (!rollout.leftOut().isEmpty()) {
				progress().say("would remove, with --yes: " + String.join(" ", rollout.leftOut()));
			}
			progress().say("would run on " + manager().name() + ": docker stack deploy --detach=true "
					+ String.join(" ", release.options(rollout)) + " -c - " + this.name);
		}
	}

	void run(long limitSeconds) {
		try (Lock lock = Lock.take(ssh(), this.scene.managers())) {
			lock.interruptionSays("the services were not changed: run it again to finish");
			FailureReport report = new FailureReport(ssh(), manager(), System.err);
			Rollout rollout = handOver(lock, report);
			lock.interruptionSays("Swarm goes on with the release by itself: 'swarm status' shows how it went");
			String outcome = new RolloutWatch(this.name, this.scout, this.scene.managers(), report).await(rollout,
					limitSeconds);
			removeOldImages(lock);
			progress().say(outcome);
		}
	}

	/** Another command may deploy images again that no service uses now. */
	private void removeOldImages(Lock lock) {
		SwarmState state = now();
		if (lock.isHeld()) {
			this.images.removeOld(state, ssh());
		}
		else {
			progress().note(
					"older images were not removed, because a connection to a manager broke: the next deploy removes them");
		}
	}

	private Rollout handOver(Lock lock, FailureReport report) {
		try (Stage stage = new Stage(ssh(), manager())) {
			StackReader reader = new StackReader(stage, this.files, progress());
			Stack stack = reader.read();
			// Before minutes are spent on images.
			release(stack).before(now());
			stack = this.images.bring(stack, ssh());
			reader.bringFiles(stack);
			Release release = release(stack);
			Rollout rollout = release.before(now());
			progress().say("deploying " + this.name);
			release.handOver(stage, lock, rollout, () -> report.printOutcome(rollout, now()));
			return rollout;
		}
	}

	private Release release(Stack stack) {
		return new Release(this.name, stack, this.images.options(), this.confirmed);
	}

	private SwarmState now() {
		return this.scout.state(this.scene.managers()).state();
	}

	private Ssh ssh() {
		return this.scout.ssh();
	}

	private Progress progress() {
		return this.scout.progress();
	}

	private Pi manager() {
		return this.scene.manager().orElseThrow();
	}

}
