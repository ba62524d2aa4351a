package org.piswarm.consumer.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.util.DigestUtils;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Serves the page's files. A browser asks each time whether a file has changed, and gets
 * it again only if its content has.
 */
@Configuration(proxyBeanMethods = false)
class StaticFiles implements WebFluxConfigurer {

	/** Of existing files alone: nobody can fill it by asking for others. */
	private static final Map<String, String> etags = new ConcurrentHashMap<>();

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/page/**")
			.addResourceLocations("classpath:/page/")
			.setEtagGenerator(StaticFiles::etag)
			// All files of an image have one date, which says nothing about their age.
			.setUseLastModified(false);
	}

	/** Weak, since the file and its compressed form have the same. */
	static String etag(Resource file) {
		return etags.computeIfAbsent(file.getDescription(), (description) -> "W/\"" + hash(file) + "\"");
	}

	private static String hash(Resource file) {
		try (InputStream content = file.getInputStream()) {
			return DigestUtils.md5DigestAsHex(content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
