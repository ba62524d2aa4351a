package org.piswarm.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The service's openapi.yml, which describes its real answers.
 *
 * @param document all of it
 */
public record ApiDescription(JsonNode document) {

	private static final JsonMapper json = JsonMapper.shared();

	public static ApiDescription load() throws IOException {
		try (InputStream yaml = new ClassPathResource("openapi.yml").getInputStream()) {
			return new ApiDescription(json.valueToTree(new Yaml().<Object>load(yaml)));
		}
	}

	public Set<String> paths() {
		return new TreeSet<>(this.document.get("paths").propertyNames());
	}

	/** Fails unless the description has this answer to a GET. */
	public void allows(String path, int status, String mediaType, String body) {
		JsonNode responses = this.document.at("/paths").path(path).at("/get/responses");
		JsonNode response = responses.has(String.valueOf(status)) ? responses.get(String.valueOf(status))
				: responses.path("default");
		if (response.has("$ref")) {
			response = this.document.at(response.get("$ref").asString().substring(1));
		}
		JsonNode content = response.path("content").path(mediaType);
		assertThat(content.isObject()).as("%s is described to answer %d with %s", path, status, mediaType).isTrue();
		if (content.has("schema")) {
			ObjectNode schema = json.createObjectNode();
			schema.setAll((ObjectNode) content.get("schema"));
			schema.set("components", this.document.get("components"));
			List<Error> errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
				.getSchema(schema)
				.validate(json.readTree(body),
						(context) -> context.executionConfig((config) -> config.formatAssertionsEnabled(true)));
			assertThat(errors).as("%s answered %s", path, body).isEmpty();
		}
	}

}
