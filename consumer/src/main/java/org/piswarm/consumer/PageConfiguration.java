package org.piswarm.consumer;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** The page's files, those of its libraries included: it must work without internet. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebFluxConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/page/**")
			.addResourceLocations("classpath:/page/")
			.setCacheControl(CacheControl.noCache())
			// All files of an image have one date, which therefore says nothing about
			// their age.
			.setUseLastModified(false);
		registry.addResourceHandler("/webjars/**")
			.addResourceLocations("classpath:/META-INF/resources/webjars/")
			.setCacheControl(CacheControl.noCache())
			.setUseLastModified(false)
			// Finds a library without its version in the path; without a cache, which
			// would keep each way to spell a path for ever.
			.resourceChain(false);
	}

}
