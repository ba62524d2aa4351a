package org.piswarm.producer;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * Answers {@code GET /number}. It is no controller: Spring's search for the method, its
 * call and the conversion took a third of the time of a request (docs/decisions/0005).
 */
@Component
class NumberHandler implements WebHandler {

	private static final int MIN = 1;

	private static final int MAX = 180;

	/** In the order in which an answer names them. */
	private static final Set<HttpMethod> METHODS = new LinkedHashSet<>(
			List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS));

	private static final List<MediaType> TYPES = List.of(MediaType.APPLICATION_JSON);

	/** VERSION-TRACE-PARENT-FLAGS, as in the W3C's recommendation "Trace Context". */
	private static final Pattern TRACE = Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

	private static final Logger logger = LoggerFactory.getLogger(NumberHandler.class);

	private final RandomGenerator random;

	private final Counter served;

	NumberHandler(RandomGenerator random, MeterRegistry meters) {
		this.random = random;
		this.served = Counter.builder("producer.numbers.served")
			.description("Requests that were answered by a random number")
			.register(meters);
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		ServerHttpResponse response = exchange.getResponse();
		HttpMethod method = request.getMethod();
		// Spring leaves out the body of an answer to HEAD.
		if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
			return other(method, response);
		}
		if (!acceptsJson(request.getHeaders())) {
			return Mono.error(new NotAcceptableStatusException(TYPES));
		}
		int number = number();
		this.served.increment();
		log(number, request.getHeaders().getFirst("traceparent"));
		// The whole answer, as in docs/api/number.json.
		byte[] body = ("{\"number\":" + number + "}").getBytes(StandardCharsets.US_ASCII);
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		response.getHeaders().setContentLength(body.length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
	}

	/** Every integer from 1 to 180 is equally likely. */
	int number() {
		return this.random.nextInt(MIN, MAX + 1);
	}

	/** Only a request with a trace is logged: plain clients must not fill the log. */
	private static void log(int number, @Nullable String parent) {
		Matcher trace = TRACE.matcher((parent != null) ? parent : "");
		if (trace.matches()) {
			logger.atInfo().addKeyValue("trace.id", trace.group(1)).log("Served number: {}", number);
		}
	}

	private static Mono<Void> other(HttpMethod method, ServerHttpResponse response) {
		if (method != HttpMethod.OPTIONS) {
			return Mono.error(new MethodNotAllowedException(method, METHODS));
		}
		response.getHeaders().setAllow(METHODS);
		return response.setComplete();
	}

	private static boolean acceptsJson(HttpHeaders headers) {
		try {
			List<MediaType> accepted = headers.getAccept();
			return accepted.isEmpty() || accepted.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

}
