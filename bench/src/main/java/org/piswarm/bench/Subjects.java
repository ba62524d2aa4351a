package org.piswarm.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** All servers of a run, and medians of their figures. */
record Subjects(List<Subject> all) {

	Optional<Subject> find(String name) {
		return this.all.stream().filter((subject) -> subject.name.equals(name)).findFirst();
	}

	/** Why a server has no figure. */
	String missing(String name) {
		return "not measured: `%s` %s".formatted(name,
				find(name).map((subject) -> subject.trouble().orElse("has no such figure")).orElse("is not in PEERS"));
	}

	/** The medians of those servers that have such figures, by name. */
	Map<String, Double> medians(Function<Subject, List<Double>> figures) {
		Map<String, Double> medians = new LinkedHashMap<>();
		for (Subject subject : this.all) {
			List<Double> values = figures.apply(subject);
			if (!values.isEmpty()) {
				medians.put(subject.name, Summary.of(values).median());
			}
		}
		return medians;
	}

	static <T> double median(List<T> values, ToDoubleFunction<T> figure) {
		return Summary.of(values.stream().mapToDouble(figure).boxed().toList()).median();
	}

}
