package org.piswarm.consumer.web;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.piswarm.testsupport.Browser;

import static org.awaitility.Awaitility.await;

/** Takes the pictures in {@code docs/images}: {@code make screenshots} runs it. */
class Screenshots {

	@Test
	void takesThePicturesOfThePage() throws IOException {
		try (PageConsumer consumer = new PageConsumer("3s", new History()); Browser browser = new Browser()) {
			browser.command("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
			picture(browser, consumer.url(), "page-desktop", "light", 1280, null, 1);
			picture(browser, consumer.url(), "page-phone", "dark", 390, 844, 2);
		}
	}

	private static void picture(Browser browser, String url, String name, String scheme, int width,
			@Nullable Integer height, double pixelRatio) throws IOException {
		browser.resize(width, 844, pixelRatio);
		browser.prefer(scheme);
		browser.open(url);
		await("the history").atMost(Duration.ofSeconds(30))
			.until(() -> browser.<List<?>>run("return Chart.getChart('numbers')?.data.datasets[0].data ?? []")
				.size() > 60);
		Path directory = Path.of(System.getProperty("screenshots", "target/screenshots"));
		browser.screenshot(directory.resolve(name + ".png"), width, height);
	}

}
