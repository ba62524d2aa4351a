package org.piswarm.swarm.judge;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.Platform;
import org.piswarm.swarm.docker.Resources;
import org.piswarm.swarm.facts.Certificate;
import org.piswarm.swarm.facts.Docker;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.PiList;
import org.piswarm.swarm.pis.Role;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is thought of a Pi's facts: for each change to the facts of a good Pi, one
 * verdict.
 */
class VerdictTests {

	private static final long NOW = 1_790_000_000;

	private static final String ID = "node0000000000000000000n1";

	private static final String GOOD = """
			hostname=pi1
			machine_id=0123
			kernel=aarch64
			architecture=arm64
			os=Debian GNU/Linux 13 (trixie)
			memory_mib=3796
			memory_free_mib=3000
			disk_free_mib=20000
			modules_missing=
			memory_cgroup=yes
			cmdline_file=/boot/firmware/cmdline.txt
			cmdline_memory=yes
			time=%d
			reached=10.0.0.1
			addresses=127.0.0.1 10.0.0.1
			device=eth0
			address=10.0.0.1
			address_kind=static
			mtu=1500
			firewall=none
			login=pi
			login_in_group=yes
			docker_info={"ServerVersion":"26.1.5","Driver":"overlay2","CgroupVersion":"2","LoggingDriver":"local","SecurityOptions":["name=seccomp"],"Swarm":{"LocalNodeState":"active","NodeID":"%s","NodeAddr":"10.0.0.1","ControlAvailable":true,"Cluster":{"ID":"a"}}}
			daemon_json=yes
			docker_logs_set=no
			docker_nftables=no
			ports_taken=
			throttled=0x0
			temperature=45
			end=yes
			"""
		.formatted(NOW, ID);

	@Test
	void aGoodPi() {
		assertThat(verdicts("")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					architecture=armhf|kernel=armv7l;                      bad architecture; write the 64-bit
					architecture=armhf;                                    bad architecture; a 64-bit kernel with a 32-bit system
					memory_mib=416;                                        note memory; 416 MiB
					memory_mib=much;                                       unknown memory; the Pi said 'much'
					disk_free_mib=12;                                      bad disk; 12 MiB free
					disk_free_mib=;                                        unknown disk; the Pi said ''
					modules_missing=vxlan ip_vs;                           bad kernel; lacks vxlan ip_vs
					memory_cgroup=no|cmdline_memory=no;                    up memory limits; cgroup_enable=memory is missing in /boot
					memory_cgroup=no;                                      up memory limits; after a reboot
					memory_cgroup=no|cmdline_file=;                        bad memory limits; no cmdline.txt
					time=1789999400;                                       bad clock; 10 min behind
					time=1790010800;                                       bad clock; 3 h ahead
					address_kind=dynamic;                                  note address; is a DHCP lease
					address=1.2.3.4.5;                                     unknown address; the Pi said
					mtu=576;                                               bad MTU; below 1280
					firewall=no answer;                                    unknown firewall; the Pi said 'no answer'
					ports_taken=7946/tcp;                                  bad ports; another program uses 7946/tcp
					/26.1.5/20.10.24;                                      bad Docker; is older than 25
					/name=seccomp/name=rootless;                           bad Docker; rootless
					docker_nftables=yes;                                   bad Docker; uses nftables itself
					docker_snap=yes;                                       bad Docker; snap
					/"local"/"json-file"|daemon_json=no;                   up logs; has no limit
					/"local"/"json-file";                                  note logs; is your own file
					/"local"/"json-file"|docker_logs_set=yes;              note logs; until the engine restarts
					login_in_group=no;                                     up group; is not in the group docker
					/"NodeAddr":"10.0.0.1"/"NodeAddr":"10.0.0.7";          bad Swarm; knows it by 10.0.0.7 and it is at 10.0.0.1
					/"active"/"inactive";                                  up Swarm; is in no Swarm
					/"active"/"locked";                                    bad Swarm; docker swarm unlock
					/"active"/"pending";                                   bad Swarm; is in the state pending and reaches no manager
					throttled=0x50005;                                     bad power; the voltage is too low now
					throttled=0x50000;                                     note power; had too little voltage
					throttled=0x4;                                         note power; is throttled now
					temperature=84;                                        bad temperature; 84 °C
					""")
	void oneVerdict(String changes, String levelAndCheck, String text) {
		assertThat(verdicts(changes)).hasSize(1).first().asString().startsWith(levelAndCheck + ": ").contains(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			docker_candidate=26.1.5+dfsg1-9;  up Docker; the distribution offers 26.1.5
			docker_candidate=20.10.24;        bad Docker; is older than 25: upgrade
			docker_candidate=;                up Docker; apt does not know yet
			docker_silent=timeout;            unknown Docker; the engine did not answer within 10 s
			docker_silent=Cannot connect;     unknown Docker; the engine does not answer: Cannot connect
			memory_mib=3796;                  unknown Docker; the Pi did not say
			""")
	void withoutAnEngine(String fact, String levelAndCheck, String text) {
		List<String> verdicts = verdicts("docker_info=|" + fact);
		assertThat(verdicts).first().asString().startsWith(levelAndCheck + ": ").contains(text);
		assertThat(verdicts).hasSize(2).last().asString().contains(" Swarm: ");
	}

	@Test
	void certificates() {
		assertThat(certificate(2))
			.contains("note certificate: ends in 2 days: leave the Pi on for a day, so that Swarm renews it");
		assertThat(certificate(-1)).first().asString().startsWith("bad certificate: has ended");
		assertThat(certificate(80)).isEmpty();
	}

	private static List<String> certificate(int days) {
		PiFacts facts = facts("");
		Certificate certificate = new Certificate("a", Instant.ofEpochSecond(NOW + days * 86400L));
		var docker = facts.docker();
		return verdicts(new PiFacts(facts.machine(), facts.network(),
				new Docker(docker.installed(), docker.candidate(), docker.info(), docker.snap(), docker.settings(),
						docker.login(), docker.inGroup(), Optional.of(Fact.known(certificate)))));
	}

	private static List<String> verdicts(String changes) {
		return verdicts(facts(changes));
	}

	/** The verdicts that are not ok: level, check and text. */
	private static List<String> verdicts(PiFacts facts) {
		Pi pi = PiList.read("pi@pi1").get(0);
		Node node = new Node(ID, "pi1", Role.MANAGER, true, true, "ready", "active", "10.0.0.1", "aarch64", "26.1.5",
				Map.of(), new Node.Hardware(new Platform("aarch64", "linux"), new Resources(0, 0), Map.of()));
		return new Judgement(Map.of(pi, Fact.known(facts)),
				new Home(Fact.known(Optional.of("a")), Fact.known(List.of(node))), Map.of(), Instant.ofEpochSecond(NOW))
			.verdicts()
			.values()
			.stream()
			.flatMap(List::stream)
			.filter((verdict) -> verdict.level() != Verdict.Level.OK)
			.map((verdict) -> verdict.level().name().toLowerCase(Locale.ROOT) + " " + verdict.check() + ": "
					+ verdict.text())
			.toList();
	}

	/**
	 * The good facts, with changes {@code KEY=VALUE} or, in Docker's JSON,
	 * {@code /OLD/NEW}.
	 */
	private static PiFacts facts(String changes) {
		Map<String, String> facts = GOOD.lines()
			.map((line) -> line.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1], (a, b) -> b, LinkedHashMap::new));
		for (String change : changes.isEmpty() ? new String[0] : changes.split("\\|")) {
			if (change.startsWith("/")) {
				String[] parts = change.split("/");
				facts.computeIfPresent("docker_info", (key, json) -> json.replace(parts[1], parts[2]));
			}
			else {
				String[] pair = change.split("=", 2);
				facts.put(pair[0], pair[1]);
			}
		}
		String text = facts.entrySet()
			.stream()
			.map((fact) -> fact.getKey() + "=" + fact.getValue())
			.collect(Collectors.joining("\n"));
		return PiFacts.parse(text, NOW, NOW).fold((known) -> known, (reason) -> {
			throw new AssertionError(reason);
		});
	}

}
