package org.piswarm.consumer;

import org.webjars.WebJarVersionLocator;

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
		// By name once, and not by a resolver for each request: that would keep each
		// name that anybody asks for, for ever.
		registry.addResourceHandler("/webjars/chart.js/**")
			.addResourceLocations("classpath:/META-INF/resources/webjars/chart.js/%s/"
				.formatted(new WebJarVersionLocator().version("chart.js")))
			.setCacheControl(CacheControl.noCache())
			.setUseLastModified(false);
	}

}
