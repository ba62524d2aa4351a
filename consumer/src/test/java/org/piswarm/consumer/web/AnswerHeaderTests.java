package org.piswarm.consumer.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.resource.PathResourceResolver;
import org.springframework.web.reactive.resource.ResourceWebHandler;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerHeaderTests extends SharedConsumer {

	@ParameterizedTest
	@CsvSource({ "/, 200", "/page/page.js, 200", "/page/none.js, 404", "/api/latest, 200", "/api/readings?limit=0, 400",
			"/unknown, 404", "/openapi.yml, 200", "/actuator/prometheus, 200", "/actuator/env, 404", "/livez, 200",
			"/api/live, 200" })
	void protectsBrowsersInEveryAnswer(String path, int status) {
		HttpHeaders headers = headers(path, status);
		assertThat(headers.getFirst("Content-Security-Policy")).startsWith("default-src 'none'; script-src 'self'");
		assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
	}

	@ParameterizedTest
	@CsvSource({ "/api/latest, 200", "/api/stats, 200", "/api/readings, 200", "/api/readings?limit=0, 400",
			"/api/live, 200", "/unknown, 404" })
	void forbidsToStoreWhatChanges(String path, int status) {
		assertThat(headers(path, status).getCacheControl()).isEqualTo("no-store");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page/page.js", "/page/page.css", "/page/favicon.svg", "/page/chart.umd.min.js" })
	void confirmsAnUnchangedFile(String path) {
		EntityExchangeResult<String> file = get(path, MediaType.TEXT_HTML, MediaType.ALL);
		assertThat(file.getResponseHeaders().getCacheControl()).isEqualTo("no-cache");
		String etag = Objects.requireNonNull(file.getResponseHeaders().getETag());
		EntityExchangeResult<String> again = conditional(path, etag);
		assertThat(again.getStatus().value()).isEqualTo(304);
		assertThat(again.getResponseBody()).isNull();
		assertThat(again.getResponseHeaders().getETag()).isEqualTo(etag);
		assertThat(again.getResponseHeaders().getCacheControl()).isEqualTo("no-cache");

		EntityExchangeResult<String> other = conditional(path, "W/\"of an older version\"");
		assertThat(other.getStatus().value()).isEqualTo(200);
		assertThat(other.getResponseBody()).isEqualTo(file.getResponseBody());
	}

	@Test
	void givesFilesDifferentETags() {
		assertThat(Stream.of("/", "/page/page.js", "/page/show.js", "/page/page.css")
			.map((path) -> get(path, MediaType.TEXT_HTML).getResponseHeaders().getETag())).doesNotHaveDuplicates();
	}

	/** Asked by a client that does not hide the encoding from the test. */
	@Test
	void compressesFiles() throws Exception {
		URI chart = URI.create("http://localhost:%d/page/chart.umd.min.js".formatted(this.port));
		HttpResponse<byte[]> answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(chart).header("Accept-Encoding", "gzip").timeout(BOUND).build(),
					BodyHandlers.ofByteArray());
		assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
		assertThat(answer.body()).hasSizeLessThan(body(get("/page/chart.umd.min.js")).length() / 2);
	}

	@Test
	void answersAPageToBrowsersAndATextToOthers() {
		EntityExchangeResult<String> page = get("/", MediaType.TEXT_HTML, MediaType.ALL);
		assertThat(page.getResponseHeaders().getContentType()).isEqualTo(MediaType.TEXT_HTML);
		assertThat(page.getResponseHeaders().getVary()).contains(HttpHeaders.ACCEPT);
		assertThat(page.getResponseBody()).contains("<title>");
		EntityExchangeResult<String> text = get("/");
		assertThat(text.getResponseHeaders().getContentType()).matches(MediaType.TEXT_PLAIN::isCompatibleWith);
		assertThat(text.getResponseHeaders().getVary()).contains(HttpHeaders.ACCEPT);
		assertThat(text.getResponseBody()).contains("/api/latest");
	}

	/** A resolver with a cache would remember each name for ever. */
	@Test
	void doesNotRememberTheNamesOfMissingFiles(@Autowired SimpleUrlHandlerMapping resourceHandlerMapping) {
		assertThat(resourceHandlerMapping.getHandlerMap().values()).hasOnlyElementsOfType(ResourceWebHandler.class)
			.flatExtracting((handler) -> ((ResourceWebHandler) handler).getResourceResolvers())
			.hasOnlyElementsOfType(PathResourceResolver.class);
	}

	private EntityExchangeResult<String> conditional(String path, String etag) {
		return this.client.get()
			.uri(path)
			.accept(MediaType.TEXT_HTML, MediaType.ALL)
			.ifNoneMatch(etag)
			.exchange()
			.expectBody(String.class)
			.returnResult();
	}

	/** Reads only the start of the body: a stream has no end. */
	private HttpHeaders headers(String path, int status) {
		var answer = this.client.get().uri(path).exchange().expectStatus().isEqualTo(status).returnResult(String.class);
		answer.getResponseBody().take(1).blockLast(BOUND);
		return answer.getResponseHeaders();
	}

}
