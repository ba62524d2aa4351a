package org.piswarm.consumer.web;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.testsupport.ApiDescription;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** The served description against real answers. */
class DescriptionTests extends SharedConsumer {

	private final ApiDescription description = ApiDescription.load();

	DescriptionTests() throws IOException {
	}

	@Test
	void listsAllPaths(@Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
		Set<String> paths = new TreeSet<>();
		mapping.getHandlerMethods().forEach((info, method) -> {
			if (method.getBeanType().getPackageName().equals(getClass().getPackageName())) {
				paths.addAll(info.getDirectPaths());
			}
		});
		assertThat(this.description.paths()).isEqualTo(paths);
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html, 200, text/html", "/, */*, 200, text/plain",
			"/api/latest, application/json, 200, application/json",
			"/api/latest, text/csv, 406, application/problem+json",
			"/api/stats, application/json, 200, application/json", "/api/readings?limit=5, */*, 200, application/json",
			"/api/readings?limit=0, */*, 400, application/problem+json",
			"/api/readings?limit=many, application/json, 400, application/problem+json",
			"/openapi.yml, */*, 200, application/yaml" })
	void describesAnAnswer(String uri, String accept, int status, String mediaType) {
		EntityExchangeResult<String> answer = get(uri, MediaType.valueOf(accept));
		assertThat(answer.getStatus().value()).isEqualTo(status);
		assertThat(answer.getResponseHeaders().getContentType())
			.matches(MediaType.valueOf(mediaType)::isCompatibleWith);
		this.description.allows(uri.replaceFirst("\\?.*", ""), status, mediaType, body(answer));
	}

	@ParameterizedTest
	@CsvSource({ "/api/readings, message", "/api/live, status" })
	void describesEvents(String path, String last) {
		fail(404);
		receive(180);
		List<ServerSentEvent<String>> events = events(path, null).filter((event) -> event.data() != null)
			.takeUntil((event) -> last.equals(kind(event)))
			.collectList()
			.blockOptional(BOUND)
			.orElseThrow();
		events
			.forEach((event) -> this.description.allows(path, 200, "text/event-stream", String.valueOf(event.data())));
		if (path.equals("/api/live")) {
			assertThat(events).extracting(DescriptionTests::kind).contains("reading", "notice", "status");
		}
	}

	/** The name that a browser gives it. */
	private static String kind(ServerSentEvent<String> event) {
		String kind = event.event();
		return (kind != null) ? kind : "message";
	}

}
