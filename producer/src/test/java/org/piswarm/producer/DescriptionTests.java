package org.piswarm.producer;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** The served description against what is really answered. */
@DirtiesContext // Contexts that live side by side share Netty's threads, which the first
				// to close takes along.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class DescriptionTests {

	@Test
	void namesAllPaths(@Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping)
			throws IOException {
		Set<String> paths = new TreeSet<>();
		mapping.getHandlerMethods().forEach((info, method) -> {
			if (method.getBeanType().getPackageName().equals(getClass().getPackageName())) {
				paths.addAll(info.getDirectPaths());
			}
		});
		assertThat(Description.load().paths()).isEqualTo(paths);
	}

	@ParameterizedTest
	@CsvSource({ "/number, application/json, 200, application/json", "/number, text/csv, 406, application/problem+json",
			"/openapi.yml, */*, 200, application/yaml" })
	void saysWhatIsAnswered(String path, String accept, int status, String mediaType, @LocalServerPort int port)
			throws IOException {
		EntityExchangeResult<String> answer = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + port)
			.build()
			.get()
			.uri(path)
			.header("Accept", accept)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(mediaType)
			.expectBody(String.class)
			.returnResult();
		Description.load().allows(path, status, mediaType, String.valueOf(answer.getResponseBody()));
	}

}
