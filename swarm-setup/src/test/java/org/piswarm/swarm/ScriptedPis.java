package org.piswarm.swarm;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs {@code swarm} as a process, next to a fake {@code ssh} that plays the Pis. */
final class ScriptedPis {

	private static final int LIMIT_SECONDS = 60;

	private final Path directory;

	private final Map<Integer, ScriptedPi> pis = new TreeMap<>();

	private final Map<String, String> variables = new TreeMap<>();

	ScriptedPis(Path directory) throws IOException {
		this.directory = directory;
		Path ssh = Files.writeString(Files.createDirectories(directory.resolve("bin")).resolve("ssh"),
				ScriptedPi.resource("fake-ssh"));
		if (!ssh.toFile().setExecutable(true)) {
			throw new IOException("cannot make " + ssh + " executable");
		}
	}

	ScriptedPi pi(int number) {
		return this.pis.computeIfAbsent(number, (key) -> new ScriptedPi(this.directory, key));
	}

	/** Sets a variable of the environment in which commands run. */
	ScriptedPis with(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	/** A healthy Swarm of three: pi1 manages it. */
	static ScriptedPis healthy(Path directory) throws IOException {
		ScriptedPis pis = new ScriptedPis(directory);
		pis.pi(2);
		pis.pi(3);
		pis.pi(1).knows(state(node(1, ""), node(2, ""), node(3, "")));
		return pis;
	}

	/** The JSON of a node, with other values: {@code "State":"down"} for example. */
	static String node(int number, String... changes) {
		String json = ("node {\"ID\":\"%s\",\"Spec\":{\"Role\":\"%s\",\"Availability\":\"active\",\"Labels\":{}},"
				+ "\"Description\":{\"Hostname\":\"pi%d\",\"Platform\":{\"Architecture\":\"aarch64\",\"OS\":\"linux\"},"
				+ "\"Engine\":{\"EngineVersion\":\"26.1.5\"}},\"Status\":{\"State\":\"ready\",\"Addr\":\"10.0.0.%d\"}%s}")
			.formatted(ScriptedPi.id(number), (number == 1) ? "manager" : "worker", number, number,
					(number == 1) ? ",\"ManagerStatus\":{\"Leader\":true,\"Reachability\":\"reachable\"}" : "");
		for (String change : changes) {
			if (!change.isEmpty()) {
				String key = change.substring(0, change.indexOf(':') + 1);
				json = json.replaceFirst(key + "(\"[^\"]*\"|\\{\\})", change);
			}
		}
		if (json.contains("\"Role\":\"worker\"")) {
			return json.replaceFirst(",\"ManagerStatus\":\\{[^}]*}", "");
		}
		return (json.contains("\"Role\":\"manager\"") && !json.contains("ManagerStatus"))
				? json.replaceFirst("}$", ",\"ManagerStatus\":{\"Reachability\":\"reachable\"}}") : json;
	}

	private static String serviceId(String number) {
		return "service" + "0".repeat(17) + number;
	}

	/** The JSON of a service. */
	static String service(String number, String name, String mode, String more) {
		return ("service {\"ID\":\"%s\",\"Spec\":{\"Name\":\"%s\",\"Mode\":{%s},"
				+ "\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"localhost/kit:1\"}}}%s}")
			.formatted(serviceId(number), name, mode, more);
	}

	/** The JSON of a task. */
	static String task(String service, int node, String state) {
		return task(service, 0, node, state, state);
	}

	/** The JSON of a task with a number, which is a part of its ID. */
	static String task(String service, int number, int node, String state, String desired) {
		return ("task {\"ID\":\"task%s%020d\",\"ServiceID\":\"%s\",\"NodeID\":\"%s\","
				+ "\"Status\":{\"State\":\"%s\"},\"DesiredState\":\"%s\"}")
			.formatted(service, number, serviceId(service), ScriptedPi.id(node), state, desired);
	}

	/**
	 * The whole answer of a manager: lines about nodes, services and tasks, in any order.
	 */
	static String[] state(String... lines) {
		List<String> all = new ArrayList<>();
		for (String kind : List.of("node", "service", "task")) {
			Stream.of(lines).filter((line) -> line.startsWith(kind)).forEach(all::add);
			all.add("read " + kind);
		}
		return all.toArray(String[]::new);
	}

	/** Runs a verb for the Pis that were described, in the order of their numbers. */
	Result swarm(String... arguments) throws IOException, InterruptedException {
		return swarmOf(list(), arguments);
	}

	private String list() {
		return String.join(",", this.pis.keySet().stream().map((number) -> "pi@pi" + number).toList());
	}

	/** A list of three managers. */
	String threeManagers() throws Exception {
		return Files.writeString(this.directory.resolve("list"), "pi@pi1\npi@pi2 manager\npi@pi3 manager\n").toString();
	}

	Result swarmOf(String list, String... arguments) throws IOException, InterruptedException {
		return await(start(list, arguments));
	}

	/**
	 * Ends a run with a signal in a call that hangs, after its output has a text.
	 * @param hang makes the call hang
	 */
	Result interrupted(Runnable hang, String text, String... arguments) throws IOException, InterruptedException {
		Process process = start(list(), arguments);
		until(process, () -> Files.readString(this.directory.resolve("out")).contains(text));
		hang.run();
		until(process, () -> process.descendants().anyMatch(ScriptedPis::sleeps));
		List<ProcessHandle> calls = process.descendants().toList();
		process.destroy();
		return leavingNothing(process, calls);
	}

	/**
	 * Ends a run in a call that hangs, as Ctrl-C does: all of its processes get the
	 * signal, and here it gets it last. It needs some time to close a connection.
	 */
	Result ctrlC(String... arguments) throws IOException, InterruptedException {
		Files.createFile(this.directory.resolve("sockets"));
		Process process = start(list(), arguments);
		until(process, () -> process.descendants().anyMatch(ScriptedPis::sleeps));
		List<ProcessHandle> calls = process.descendants().toList();
		calls.forEach(ProcessHandle::destroy);
		process.destroy();
		return leavingNothing(process, calls);
	}

	/** A question about a run. */
	private interface Condition {

		boolean isMet() throws IOException;

	}

	private static void until(Process process, Condition condition) throws IOException, InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
		while (process.isAlive() && !condition.isMet()) {
			if (System.nanoTime() > end) {
				process.destroyForcibly();
				throw new AssertionError("swarm did not come to the point where the test ends it");
			}
			TimeUnit.MILLISECONDS.sleep(50);
		}
	}

	private static boolean sleeps(ProcessHandle handle) {
		return handle.info().command().filter((command) -> command.endsWith("/sleep")).isPresent();
	}

	private Result leavingNothing(Process process, List<ProcessHandle> calls) throws IOException, InterruptedException {
		Result result = await(process);
		assertThat(calls).isNotEmpty()
			.allSatisfy((call) -> assertThat(call.onExit()).succeedsWithin(Duration.ofSeconds(10)));
		assertThat(Pattern.compile("ControlPath=(/tmp/swarm\\.[0-9]+)")
			.matcher(sent())
			.results()
			.map((match) -> match.group(1))).isNotEmpty().allMatch((sockets) -> !Files.exists(Path.of(sockets)));
		return result;
	}

	private Process start(String list, String... arguments) throws IOException {
		Process process = start(List.of(), list, arguments);
		process.getOutputStream().close();
		return process;
	}

	private Process start(List<String> options, String list, String... arguments) throws IOException {
		this.pis.values().forEach(ScriptedPi::ready);
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Dswarm.project=" + this.directory.resolve("project"),
						"-Djava.io.tmpdir=" + this.directory));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.piswarm.swarm.Main", "--pis", list));
		command.addAll(Arrays.asList(arguments));
		Path out = this.directory.resolve("out");
		Path err = this.directory.resolve("err");
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
		builder.environment()
			.merge("PATH", this.directory.resolve("bin").toString(), (path, bin) -> bin + File.pathSeparator + path);
		builder.environment().put("NODES", this.directory.toString());
		builder.environment().keySet().removeAll(List.of("REGISTRY", "TAG"));
		builder.environment().putAll(this.variables);
		return builder.start();
	}

	private Result await(Process process) throws IOException, InterruptedException {
		Path out = this.directory.resolve("out");
		if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			throw new AssertionError("swarm did not end: " + Files.readString(out));
		}
		return Result.of(process.exitValue(), Files.readString(out), Files.readString(this.directory.resolve("err")));
	}

	/** A user at a terminal, who gives this answer to a question. */
	Result swarmAtTerminal(String answer, String... arguments) throws IOException, InterruptedException {
		Process process = start(List.of("-Dswarm.terminal=true"), list(), arguments);
		try (OutputStream input = process.getOutputStream()) {
			input.write(answer.getBytes(StandardCharsets.UTF_8));
		}
		return await(process);
	}

	/** The changes that nodes were asked for. */
	List<String> changes() throws IOException {
		Path changes = this.directory.resolve("changes");
		return Files.exists(changes) ? Files.readAllLines(changes) : List.of();
	}

	/** All scripts that were sent to Pis. */
	String sent() throws IOException {
		return Files.readString(this.directory.resolve("scripts"));
	}

	/**
	 * What a run gave.
	 *
	 * @param exit its exit code
	 * @param out its standard output
	 * @param err its standard error, without progress
	 * @param progress the lines that say what is waited for: they depend on the speed of
	 * the machine
	 */
	record Result(int exit, String out, String err, List<String> progress) {

		static Result of(int exit, String out, String err) {
			Map<Boolean, List<String>> lines = err.lines()
				.collect(Collectors.partitioningBy((line) -> line.matches(" *\\d+ s  waiting for .*")));
			return new Result(exit, out,
					lines.getOrDefault(false, List.of())
						.stream()
						.map((line) -> line + "\n")
						.collect(Collectors.joining()),
					lines.getOrDefault(true, List.of()));
		}

		Result exitsWith(int code) {
			assertThat(this.exit).as("exit code of%n%s%s", this.out, this.err).isEqualTo(code);
			return this;
		}

		/** The lines about one Pi, or about the Swarm. */
		String about(String title) {
			return Stream.of(this.out.split("\n\n"))
				.filter((paragraph) -> paragraph.strip().startsWith(title))
				.findFirst()
				.orElseThrow(() -> new AssertionError(title + " is missing in: " + this.out + this.err));
		}

	}

}
