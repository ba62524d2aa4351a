package org.piswarm.swarm.docker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

import org.piswarm.swarm.known.Fact;

/**
 * What one manager knows of its Swarm. Each part is known or unknown for itself.
 *
 * @param nodes all nodes, sorted by name
 * @param services all services, sorted by name
 * @param tasks the tasks of all services, ended ones too
 */
public record SwarmState(Fact<List<Node>> nodes, Fact<List<Service>> services, Fact<List<Task>> tasks) {

	/** Nothing is known. */
	public static SwarmState unknown(String reason) {
		return new SwarmState(Fact.unknown(reason), Fact.unknown(reason), Fact.unknown(reason));
	}

	/** Reads what the script {@code swarm-state.sh} writes on a manager. */
	public static SwarmState parse(String manager, Fact<String> answer) {
		SwarmState state = parse(answer);
		return new SwarmState(said(manager, state.nodes), said(manager, state.services), said(manager, state.tasks));
	}

	private static <T> Fact<T> said(String manager, Fact<T> fact) {
		return fact.fold(Fact::known, (reason) -> Fact.unknown(manager + ": " + reason));
	}

	/** The tasks of all services, if all that it takes is known. */
	public Fact<List<ServiceCount>> counts() {
		return this.nodes.flatMap((known) -> this.tasks.flatMap((all) -> this.services
			.map((list) -> list.stream().map((service) -> ServiceCount.of(service, all, known)).toList())));
	}

	private static SwarmState parse(Fact<String> answer) {
		return new SwarmState(part("node", answer, Node::from).map((nodes) -> sorted(nodes, Node::hostname)),
				part("service", answer, Service::from).map((services) -> sorted(services, Service::name)),
				part("task", answer, Task::from));
	}

	private static <T> Fact<List<T>> part(String kind, Fact<String> answer, Function<Json, T> reader) {
		return answer.flatMap((text) -> read(kind, text.lines().toList(), reader));
	}

	private static <T> Fact<List<T>> read(String kind, List<String> lines, Function<Json, T> reader) {
		List<T> found = new ArrayList<>();
		for (String line : lines) {
			if (line.startsWith("failed ")) {
				String[] words = line.split(" ", 3);
				return Fact.unknown((words.length == 3) ? words[2] : "the question failed without a reason");
			}
			if (line.equals("read " + kind)) {
				return Fact.known(List.copyOf(found));
			}
			if (line.startsWith(kind + " ")) {
				try {
					found.add(reader.apply(Json.parse(line.substring(kind.length() + 1))));
				}
				catch (Json.Invalid ex) {
					return Fact.unknown("the answer about a " + kind + " cannot be used: " + ex.getMessage());
				}
			}
		}
		return Fact.unknown("the answer about " + kind + "s broke off");
	}

	private static <T> List<T> sorted(List<T> list, Function<T, String> key) {
		return list.stream().sorted(Comparator.comparing(key)).toList();
	}

}
