package org.piswarm.swarm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Pi that the fake {@code ssh} plays: at first a healthy node of Swarm A. */
final class ScriptedPi {

	static final String SWARM_A = "swarm000000000000000000a";

	private final Path directory;

	private final String host;

	private final Map<String, String> facts = new LinkedHashMap<>();

	ScriptedPi(Path nodes, int number) {
		this.host = "pi" + number;
		this.directory = nodes.resolve(this.host);
		String text = """
				hostname=pi%1$d
				machine_id=machine%1$d
				kernel=aarch64
				architecture=arm64
				os=Debian GNU/Linux 13 (trixie)
				model=Raspberry Pi 4 Model B Rev 1.5
				memory_mib=3796
				memory_free_mib=3000
				disk_free_mib=20480
				modules_missing=
				memory_cgroup=yes
				cmdline_file=/boot/firmware/cmdline.txt
				cmdline_memory=yes
				reached=10.0.0.%1$d
				addresses=127.0.0.1 10.0.0.%1$d\s
				device=eth0
				address=10.0.0.%1$d
				address_kind=static
				mtu=1500
				firewall=none
				login=pi
				login_in_group=yes
				certificate=%2$s
				daemon_json=yes
				docker_logs_set=yes
				docker_nftables=no
				ports_taken=
				throttled=0x0
				temperature=45
				boot_id=first
				""".formatted(number, resource("certificate-a"));
		text.lines().forEach(this::says);
		try {
			Files.createDirectories(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		in("active", number == 1);
	}

	static String resource(String name) {
		try (var stream = ScriptedPi.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalArgumentException(name);
			}
			return new String(stream.readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The ID of the node of that number. */
	static String id(int number) {
		return "node" + "0".repeat(20) + number;
	}

	/** Replaces one fact: {@code key=value}. */
	ScriptedPi says(String fact) {
		this.facts.put(fact.substring(0, fact.indexOf('=')), fact.substring(fact.indexOf('=') + 1));
		return this;
	}

	/** One fact, as {@code key=value}. */
	String fact(String key) {
		return key + "=" + this.facts.get(key);
	}

	ScriptedPi doesNotSay(String... keys) {
		for (String key : keys) {
			this.facts.remove(key);
		}
		return this;
	}

	/** Its engine's state in a Swarm. */
	ScriptedPi in(String state, boolean manager) {
		String number = this.host.substring(2);
		String cluster = manager ? ",\"Cluster\":{\"ID\":\"" + SWARM_A + "\"}" : "";
		return says(
				("docker_info={\"ServerVersion\":\"26.1.5\",\"Driver\":\"overlay2\",\"CgroupVersion\":\"2\",\"LoggingDriver\":\"local\","
						+ "\"SecurityOptions\":[\"name=seccomp\"],\"Swarm\":{\"LocalNodeState\":\"%s\",\"NodeID\":\"%s\",\"NodeAddr\":\"%s\","
						+ "\"ControlAvailable\":%s,\"Error\":\"\"%s}}")
					.formatted(state, state.equals("active") ? id(Integer.parseInt(number)) : "",
							state.equals("active") ? "10.0.0." + number : "", manager, cluster));
	}

	/** The address at which its Swarm knows it. */
	ScriptedPi knownAt(String address) {
		return says("docker_info=" + String.valueOf(this.facts.get("docker_info"))
			.replaceFirst("\"NodeAddr\":\"[^\"]*\"", "\"NodeAddr\":\"" + address + "\""));
	}

	/** Its Swarm asks for a key when its engine starts. */
	ScriptedPi isAutolocked() {
		return says("docker_info=" + String.valueOf(this.facts.get("docker_info"))
			.replace("\"Cluster\":{", "\"Cluster\":{\"Spec\":{\"EncryptionConfig\":{\"AutoLockManagers\":true}},"));
	}

	/** How many containers run on it. */
	ScriptedPi runsContainers(int number) {
		return says("docker_info=" + String.valueOf(this.facts.get("docker_info"))
			.replaceFirst("\\{", "{\"ContainersRunning\":" + number + ","));
	}

	/** The addresses at which this worker looks for managers. */
	ScriptedPi knowsManagersAt(String... addresses) {
		String managers = Stream.of(addresses)
			.map((address) -> "{\"NodeID\":\"%s\",\"Addr\":\"%s\"}".formatted(id(1), address))
			.collect(Collectors.joining(",", "\"RemoteManagers\":[", "],"));
		return says("docker_info="
				+ String.valueOf(this.facts.get("docker_info")).replace("\"Swarm\":{", "\"Swarm\":{" + managers));
	}

	/** A node of the other Swarm. */
	ScriptedPi inAnotherSwarm(boolean manager) {
		in("active", manager);
		says("docker_info="
				+ String.valueOf(this.facts.get("docker_info")).replace(SWARM_A, "swarm000000000000000000b"));
		return says("certificate=" + resource("certificate-b"));
	}

	/** A Pi as on its first day. */
	ScriptedPi bare() {
		return doesNotSay("docker_info", "certificate").says("docker_candidate=26.1.5+dfsg1-9");
	}

	ScriptedPi refuses(String error) {
		return write("refusal", error + "\n");
	}

	/** It is off, once a script has run. */
	ScriptedPi refusesAfter(String script, String error) {
		return write("refusal-after." + script, error + "\n");
	}

	ScriptedPi hangs() {
		return write("hang", "");
	}

	/** Replaces facts, once a script has run, or one of another Pi: {@code pi1.NAME}. */
	ScriptedPi saysAfter(String script, Consumer<ScriptedPi> changes) {
		Map<String, String> before = new LinkedHashMap<>(this.facts);
		changes.accept(this);
		writeFacts("facts." + script, true);
		this.facts.clear();
		this.facts.putAll(before);
		return this;
	}

	/** What this manager says of its Swarm, once a script has run. */
	ScriptedPi knowsAfter(String script, String... lines) {
		return write("state-after." + script, String.join("\n", lines) + "\n");
	}

	/** What its script says, instead of success. */
	ScriptedPi answers(String script, String... lines) {
		return write(script, String.join("\n", lines) + "\n");
	}

	/** The state of its Swarm, as a file. */
	ScriptedPi saves(String content) {
		return write("saved", content);
	}

	/** The script never ends. */
	ScriptedPi hangsIn(String script) {
		return write(script + ".hangs", "");
	}

	/** Once the script has run, connecting never ends. */
	ScriptedPi hangsAfter(String script) {
		return write("hang-after." + script, "");
	}

	/** The connection breaks after the engine has begun to stop. */
	ScriptedPi losesTheBackup() {
		return write("backup.breaks", "");
	}

	/** A directory disappears while the state of its Swarm is copied. */
	ScriptedPi deletesAtDownload(Path gone) {
		return write("download.deletes", gone.toString());
	}

	/** The connection breaks before the restore begins. */
	ScriptedPi losesTheRestore() {
		return write("restore.breaks", "");
	}

	/** What this manager says of its Swarm. */
	ScriptedPi knows(String... lines) {
		return write("state", String.join("\n", lines) + "\n");
	}

	/** What it says the next times; the last answer stays. */
	ScriptedPi knowsLater(int time, String... lines) {
		return write("state." + time, String.join("\n", lines) + "\n");
	}

	/** What its Docker makes of stack files. */
	ScriptedPi reads(String yaml) {
		return write("config", yaml);
	}

	/** What its Docker complains of once before that. */
	ScriptedPi complainsOfStackFiles(String error) {
		return write("config.err", error + "\n");
	}

	/** What it says once a stack was deployed. */
	ScriptedPi knowsAfterDeploy(String... lines) {
		return write("after-deploy", String.join("\n", lines) + "\n");
	}

	/** What each task has logged. */
	ScriptedPi hasLogged(String text) {
		return write("log", text + "\n");
	}

	/** What it says while a service has one more replica, and afterwards. */
	ScriptedPi knowsWithExtra(String[] during, String... after) {
		write("with-extra", String.join("\n", during) + "\n");
		return write("after-extra", String.join("\n", after) + "\n");
	}

	/** What it answers about one more replica, instead of "up" and "back". */
	ScriptedPi answersAboutExtra(String begin, String end) {
		write("extra", begin);
		return write("extra.end", end);
	}

	/** Another command holds the lock. */
	ScriptedPi isLocked() {
		return write("locked", "");
	}

	/** The connection that holds the lock breaks. */
	ScriptedPi losesTheLock() {
		return write("lock.breaks", "");
	}

	/** That connection breaks when a stack was deployed. */
	ScriptedPi losesTheLockAtTheRelease() {
		return write("lock.lost", "");
	}

	/** The script fails, after what it has written. */
	ScriptedPi breaksAt(String script, int exit) {
		return write(script + ".exit", exit + "\n");
	}

	/** The script fails, with this on standard error. */
	ScriptedPi breaksAt(String script, int exit, String error) {
		return breaksAt(script, exit).write(script + ".err", error + "\n");
	}

	/** Ports of other Pis that this one cannot reach. */
	ScriptedPi doesNotReach(String... questions) {
		return write("silent", String.join("\n", questions) + "\n");
	}

	/** Writes the facts, complete or broken off. */
	void ready(boolean complete) {
		writeFacts("facts", complete);
	}

	private void writeFacts(String file, boolean complete) {
		StringBuilder text = new StringBuilder();
		this.facts.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
		write(file, complete ? text.append("end=yes\n").toString() : text.toString());
	}

	void ready() {
		if (!Files.exists(this.directory.resolve("facts"))) {
			ready(true);
		}
	}

	private ScriptedPi write(String file, String text) {
		try {
			Files.writeString(this.directory.resolve(file), text);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
