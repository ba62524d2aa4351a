package org.piswarm.e2e;

import java.io.File;
import java.util.Optional;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The consumer's live page, in this machine's Chromium. */
final class Page implements AutoCloseable {

	private final ChromeDriver driver;

	Page() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(program("chromium").orElseThrow());
		// Chromium has no sandbox for root. The last option keeps it from other hosts.
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
				"--no-first-run",
				"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE %s.*".formatted(Settings.NETWORK));
		this.driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(program("chromedriver").orElseThrow())
					.usingAnyFreePort()
					.build(),
				options);
	}

	Page open(String url) {
		this.driver.get(url);
		return this;
	}

	/** The state as in {@code /api/live}, or that of the page's own connection. */
	String state() {
		return String.valueOf(this.driver.findElement(By.tagName("body")).getDomAttribute("data-state"));
	}

	boolean showsANumber() {
		return state().equals("receiving") && text("number").matches("\\d{1,3}");
	}

	/** The text of an element. */
	String text(String id) {
		return this.driver.findElement(By.id(id)).getText();
	}

	private static Optional<File> program(String name) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> new File(directory, name))
			.filter(File::canExecute)
			.findFirst();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
