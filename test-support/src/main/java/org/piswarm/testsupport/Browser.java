package org.piswarm.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The Chromium of this machine, without a window. It reaches only the hosts of the test,
 * and has a new, empty profile, which chromedriver deletes at the end.
 */
public class Browser implements AutoCloseable {

	private final ChromeDriver driver;

	/**
	 * Starts the browser.
	 * @param hosts what it may reach in addition to 127.0.0.1, such as {@code 10.0.0.*}
	 */
	public Browser(String... hosts) {
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(installed("chromedriver").orElseThrow())
			.usingAnyFreePort()
			.build();
		ChromeOptions options = new ChromeOptions();
		options.setBinary(installed("chromium").orElseThrow());
		String reachable = Stream.of(hosts).map(", EXCLUDE "::concat).collect(Collectors.joining());
		// Root has no sandbox; a test needs no GPU, update or account. Chromium still
		// calls its maker's servers: the last switch keeps these calls on this machine.
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
				"--no-first-run", "--hide-scrollbars",
				"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" + reachable);
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		this.driver = new ChromeDriver(service, options);
		this.driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(20));
	}

	public static boolean isInstalled() {
		return installed("chromium").isPresent() && installed("chromedriver").isPresent();
	}

	private static Optional<File> installed(String program) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.map((directory) -> new File(directory, program))
			.filter(File::canExecute)
			.findFirst();
	}

	public void open(String url) {
		this.driver.get(url);
	}

	/** As the browser's own button does. */
	public void back() {
		this.driver.navigate().back();
	}

	/** The visible text of an element; empty if it is hidden. */
	public String text(String id) {
		return this.driver.findElement(By.id(id)).getText();
	}

	public List<String> texts(String selector) {
		return run("return [...document.querySelectorAll(arguments[0])].map((each) => each.innerText)", selector);
	}

	/**
	 * Runs a script in the page.
	 * @return what it returns; numbers are {@code Long}, or {@code Double}
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <T> T run(String script, Object... arguments) {
		return (T) this.driver.executeScript(script, arguments);
	}

	public void press(Keys key) {
		this.driver.switchTo().activeElement().sendKeys(key);
	}

	public void resize(int width, int height, double pixelRatio) {
		command("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", pixelRatio, "mobile", width < 600));
	}

	/**
	 * Changes to light or dark, as a user's system does.
	 * @param scheme {@code "light"} or {@code "dark"}
	 */
	public void prefer(String scheme) {
		command("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * What makes the page hard to use for people with disabilities, as far as axe finds
	 * it.
	 */
	public List<String> barriers() {
		run(axe());
		return this.driver.executeAsyncScript("""
				const done = arguments[0];
				axe.run().then(({ violations }) => done(violations.map(({ id, impact, nodes }) =>
					`${id} (${impact}): ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`)}`)),
					(failure) => done([`axe failed: ${failure}`]));
				""") instanceof List<?> found ? found.stream().map(String::valueOf).toList()
				: List.of("axe returned nothing");
	}

	private static String axe() {
		try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
			if (script == null) {
				throw new IllegalStateException("axe.min.js is not on the classpath");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The errors on the console since the last call. */
	public List<String> errors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	/** The addresses that the page requested since the last call. */
	public List<String> requests() {
		return this.driver.manage()
			.logs()
			.get(LogType.PERFORMANCE)
			.getAll()
			.stream()
			.map((entry) -> JsonPath.parse(entry.getMessage()))
			.filter((entry) -> "Network.requestWillBeSent".equals(entry.read("$.message.method")))
			.map((entry) -> entry.<String>read("$.message.params.request.url"))
			.toList();
	}

	/**
	 * Writes a picture of the page to a file.
	 * @param height of the picture, {@code null} for the whole page
	 */
	public void screenshot(Path file, int width, @Nullable Integer height) throws IOException {
		Long all = run("return document.documentElement.scrollHeight");
		Map<String, Object> clip = Map.of("x", 0, "y", 0, "width", width, "height", (height != null) ? height : all,
				"scale", 1);
		Object picture = command("Page.captureScreenshot",
				Map.of("format", "png", "captureBeyondViewport", true, "clip", clip))
			.get("data");
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, Base64.getDecoder().decode(String.valueOf(picture)));
	}

	public Map<String, Object> command(String name, Map<String, Object> parameters) {
		return this.driver.executeCdpCommand(name, parameters);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
