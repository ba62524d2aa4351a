package org.piswarm.producer;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the description of the producer's HTTP interface. */
@RestController
class DescriptionController {

	@GetMapping(path = "/openapi.yml", produces = MediaType.APPLICATION_YAML_VALUE)
	Resource description() {
		return new ClassPathResource("openapi.yml");
	}

}
