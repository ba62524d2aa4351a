package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.images.KitImage;
import org.piswarm.swarm.images.Relay;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Call;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;

/**
 * Brings images from a registry on this machine onto Pis. Each Pi reaches it through its
 * SSH connection, at its own loopback, where Docker takes plain HTTP.
 *
 * @param ssh the connections
 * @param progress says how much each Pi has got
 * @param registry the port of the registry
 */
record Delivery(Ssh ssh, Progress progress, int registry) {

	private static final Duration END = Duration.ofSeconds(10);

	/** A node that seems to make progress must not hold up a deploy for ever. */
	private static final Duration LIMIT = Duration.ofHours(2);

	void bring(List<KitImage> images, List<Pi> pis) {
		Map<Pi, Fact<Reply>> replies = new Survey(this.ssh, this.progress).forAll(pis, (pi) -> bring(images, pi));
		boolean[] failed = new boolean[1];
		replies.forEach((pi, reply) -> reply.flatMap(Delivery::checked).fold((out) -> {
			out.lines()
				.filter((line) -> line.startsWith("brought "))
				.forEach((line) -> this.progress.say(pi.name() + ": has " + shortName(line.substring(8)) + " now"));
			return out;
		}, (reason) -> {
			failed[0] = true;
			System.err.println(Text.safe(pi.name() + ": " + reason));
			return reason;
		}));
		if (failed[0]) {
			throw new Failure(
					"not all nodes have got the images, for the reason above, so the services were not changed: run it again to finish");
		}
	}

	private static String shortName(String name) {
		return name.replace(KitImage.PREFIX + "/", "");
	}

	private Fact<Reply> bring(List<KitImage> images, Pi pi) {
		try (Relay relay = new Relay(this.registry)) {
			return this.ssh.startWithWayBack(pi, (port) -> {
				List<String> pairs = new ArrayList<>();
				images.forEach((image) -> pairs.addAll(List.of(image.reference(port), image.name())));
				return Script.PULL.with(pairs.toArray(String[]::new));
			}, relay.port()).flatMap((call) -> await(pi, call, relay));
		}
	}

	private Fact<Reply> await(Pi pi, Call call, Relay relay) {
		Silence silence = new Silence(seconds());
		long end = seconds() + LIMIT.toSeconds();
		while (call.isRunning()) {
			long bytes = relay.bytes();
			long written = call.size();
			if (written > Call.MAX_OUTPUT || seconds() > end) {
				call.close();
				return Fact.unknown(
						(written > Call.MAX_OUTPUT) ? "its answer is longer than " + (Call.MAX_OUTPUT >> 20) + " MiB"
								: "it has not got the images within " + LIMIT.toHours() + " hours");
			}
			if (silence.isTooLong(seconds(), bytes + written)) {
				call.close();
				return Fact.unknown("its Docker has pulled nothing for " + Silence.LIMIT_SECONDS / 60
						+ " minutes: is it overloaded, or is the network too slow?");
			}
			this.progress.detail(pi.name(), (bytes >> 20) + " MiB");
			try {
				TimeUnit.MILLISECONDS.sleep(200);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				break;
			}
		}
		return this.ssh.reply(pi, call, END);
	}

	private static long seconds() {
		return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
	}

	private static Fact<String> checked(Reply reply) {
		String err = reply.err();
		if (reply.exit() == 0) {
			return Fact.known(reply.out());
		}
		if (err.contains("no matching manifest") || err.contains("no match for platform")) {
			return Fact.unknown("the image is not made for this Pi's processor: build it for arm64 and amd64");
		}
		// As from Engine 29.10 on, if the file names others.
		if (err.contains("HTTP response to HTTPS")) {
			return Fact.unknown(
					"its Docker wants TLS of its own loopback too: add 127.0.0.0/8 to insecure-registries in /etc/docker/daemon.json");
		}
		if (err.contains("No space left") || err.contains("no space left")) {
			return Fact.unknown(
					"the disk is full: delete what is not needed ('docker system prune --all'), then run it again");
		}
		return Fact.unknown("the pull failed: " + reply.complaint());
	}

}
