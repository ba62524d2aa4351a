package org.piswarm.bench;

import java.io.IOException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A figure, or the reason why there is none.
 *
 * @param <T> the figure's type
 */
record Measured<T>(@Nullable T value, String reason) {

	static <T> Measured<T> not(String reason) {
		return new Measured<>(null, reason);
	}

	static <T> Measured<T> of(Measurement<T> measurement) throws IOException {
		try {
			return new Measured<>(measurement.take(), "");
		}
		catch (BenchException ex) {
			Bench.say(ex.getMessage());
			return not(ex.getMessage());
		}
	}

	void show(Page page, Consumer<T> show) {
		if (this.value != null) {
			show.accept(this.value);
		}
		else {
			page.paragraph("Not measured: " + this.reason + ".");
		}
	}

	/**
	 * Measures.
	 *
	 * @param <T> the figure's type
	 */
	interface Measurement<T> {

		T take() throws IOException;

	}

}
