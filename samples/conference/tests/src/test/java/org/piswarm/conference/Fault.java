package org.piswarm.conference;

import java.util.ArrayList;
import java.util.List;

import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.PostgresServer;

/** Something that goes wrong for a while. */
record Fault(String name, Step begin, Step end) {

	static List<Fault> all(World world) {
		List<Fault> faults = new ArrayList<>();
		for (Service service : world.all()) {
			faults.add(new Fault("kill " + service, service::kill, () -> {
				service.start();
				service.awaitStart();
			}));
		}
		faults.add(new Fault("kill redis", world.redis::kill, world.redis::startAgain));
		faults.add(new Fault("delete all in redis", () -> world.redis.ask("FLUSHALL"), () -> {
		}));
		faults.addAll(cable("from conferences to redis", world.publishing));
		faults.addAll(cable("from attendees to redis", world.events));
		faults.addAll(cable("from attendees to conferences", world.lists));
		faults.addAll(cable("from the attendees that polls to conferences", world.polls));
		PostgresServer postgres = world.postgres;
		if (postgres != null) {
			faults.add(new Fault("kill postgres", postgres::kill, postgres::startAgain));
		}
		return faults;
	}

	private static List<Fault> cable(String name, Cable cable) {
		return List.of(new Fault("cut the cable " + name, cable::refuse, cable::acceptAgain),
				new Fault("lose all " + name, () -> cable.silence(true), () -> {
					cable.silence(false);
					cable.breakConnections();
				}), new Fault("lose answers " + name, () -> cable.loseAnswers(true), () -> {
					cable.loseAnswers(false);
					cable.breakConnections();
				}));
	}

	/** What a fault does to the world. */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

}
