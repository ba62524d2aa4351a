package org.piswarm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Several measurements of one thing: their median, smallest and largest. */
record Summary(int count, double median, double min, double max) {

	static Summary of(List<Double> values) {
		if (values.isEmpty()) {
			return new Summary(0, Double.NaN, Double.NaN, Double.NaN);
		}
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		double median = (sorted.size() % 2 == 1) ? sorted.get(middle)
				: (sorted.get(middle - 1) + sorted.get(middle)) / 2;
		return new Summary(sorted.size(), median, sorted.get(0), sorted.get(sorted.size() - 1));
	}

	/** Round by round: what slows one round down affects both of its values. */
	static Summary ofRatios(List<Double> numerators, List<Double> denominators) {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < Math.min(numerators.size(), denominators.size()); i++) {
			ratios.add(numerators.get(i) / denominators.get(i));
		}
		return of(ratios);
	}

	/** Whether so many values or more differ by less than this share of their median. */
	boolean isSettled(double share, int fewest) {
		return this.count >= fewest && this.max - this.min < share * this.median;
	}

	/** As {@code median (min–max)}. */
	@Override
	public String toString() {
		if (Double.isNaN(this.median)) {
			return "–";
		}
		return "%s (%s–%s)".formatted(text(this.median), text(this.min), text(this.max));
	}

	/** Three digits, or all digits before the point. */
	static String text(double value) {
		if (Double.isNaN(value)) {
			return "–";
		}
		String format = (value >= 100) ? "%,.0f" : (value >= 10) ? "%.1f" : (value >= 1) ? "%.2f" : "%.3f";
		return String.format(Locale.ROOT, format, value);
	}

}
