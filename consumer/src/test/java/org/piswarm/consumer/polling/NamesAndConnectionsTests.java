package org.piswarm.consumer.polling;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.piswarm.consumer.MockProducer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * How the client finds replicas that come and go, with shorter lifetimes than in
 * production. A DNS server of the test knows their names.
 */
class NamesAndConnectionsTests {

	private static final Duration ATTEMPT = Duration.ofSeconds(2);

	private static final int TEN_MINUTES = 600;

	private final RetryBudget budget = new RetryBudget(ATTEMPT, Duration.ofMillis(10));

	private final AtomicInteger queries = new AtomicInteger();

	/** How many queries get no answer from now on. */
	private final AtomicInteger lost = new AtomicInteger();

	/** Whether the server knows the name of the producer. */
	private volatile boolean known = true;

	@RegisterExtension
	final MockProducer mock = new MockProducer();

	private final MockWebServer producer = this.mock.server();

	private DatagramSocket names;

	@BeforeEach
	void startNames() throws Exception {
		this.names = new DatagramSocket(0, InetAddress.getLoopbackAddress());
		new Thread(this::answerQueries, "names").start();
	}

	@AfterEach
	void stopNames() {
		this.names.close();
	}

	@Test
	void reportsAnUnknownHost() {
		ProducerClient client = client("http://nobody.test/number", Duration.ofSeconds(30), Duration.ofSeconds(60));
		assertThatExceptionOfType(FetchException.class).isThrownBy(() -> client.fetch(Trace.random()).block())
			.withMessage("unknown host (http://nobody.test/number, 3 attempts)");
	}

	@Test
	void survivesALostQuery() {
		this.lost.set(2); // for IPv4 and IPv6
		ProducerClient client = client("http://producer.test:" + this.producer.getPort() + "/number", Duration.ZERO,
				Duration.ZERO);
		fetch(client);
		assertThat(this.lost.get()).as("queries left to lose").isNegative();
	}

	@Test
	void keepsTheAddressForAWhileIfTheNameServerIsSilent() {
		ProducerClient client = client("http://producer.test:" + this.producer.getPort() + "/number", Duration.ZERO,
				Duration.ZERO);
		fetch(client);
		this.lost.set(Integer.MAX_VALUE);
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		// Until the address has expired, and some polls after that.
		while (this.lost.get() > Integer.MAX_VALUE - 10) {
			fetch(client);
			assertThat(System.nanoTime()).as("time ran out").isLessThan(end);
		}
		assertThatExceptionOfType(FetchException.class).isThrownBy(() -> {
			while (System.nanoTime() < end) {
				fetch(client);
			}
		}).withMessageMatching("(unknown host|no answer within 2000 ms) .*");
	}

	@Test
	void believesTheNameServerThatANameIsGone() {
		ProducerClient client = client("http://producer.test:" + this.producer.getPort() + "/number", Duration.ZERO,
				Duration.ZERO);
		fetch(client);
		this.known = false;
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		assertThatExceptionOfType(FetchException.class).isThrownBy(() -> {
			while (System.nanoTime() < end) {
				fetch(client);
			}
		}).withMessageStartingWith("unknown host");
	}

	@Test
	void looksTheAddressUpAgainLongBeforeDockersAnswerExpires() {
		ProducerClient client = client("http://producer.test:" + this.producer.getPort() + "/number", Duration.ZERO,
				Duration.ZERO);
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		fetch(client);
		int first = this.queries.get();
		assertThat(first).isPositive();
		do {
			fetch(client);
			assertThat(System.nanoTime()).as("time ran out").isLessThan(end);
		}
		while (this.queries.get() == first);
	}

	/** What a resolver makes before its first query can take longer than an attempt. */
	@Test
	void asksThroughOneResolverFromAllThreads() throws Exception {
		EventLoop loop = LoopResources.create("test", 1, true).onClient(false).next();
		LastKnownAddresses group = new LastKnownAddresses(new DnsNameResolverBuilder(), ATTEMPT, ATTEMPT);
		assertThat(group.newNameResolver(loop, NioDatagramChannel::new, (name) -> null))
			.isSameAs(group.newNameResolver(loop, NioDatagramChannel::new, (name) -> null));
		loop.parent().shutdownGracefully();
	}

	@Test
	void looksTheProducerUpBeforeTheFirstPoll() {
		String url = "http://producer.test:" + this.producer.getPort() + "/number";
		HttpClient http = http(Duration.ZERO, Duration.ZERO);
		ProducerClientConfiguration.prepare(http, URI.create(url), Duration.ofSeconds(30));
		this.lost.set(Integer.MAX_VALUE);
		fetch(client(http, url));
	}

	@Test
	void startsWithASilentNameServer() {
		this.lost.set(Integer.MAX_VALUE);
		HttpClient http = http(Duration.ZERO, Duration.ZERO);
		assertThatNoException().isThrownBy(() -> ProducerClientConfiguration.prepare(http,
				URI.create("http://producer.test"), Duration.ofMillis(100)));
	}

	@Test
	void usesAConnectionForAWhileAndThenANewOne() throws Exception {
		Duration life = Duration.ofSeconds(1);
		ProducerClient client = client("http://producer.test:" + this.producer.getPort() + "/number", life, life);
		Map<Integer, Instant> opened = new HashMap<>();
		Instant end = Instant.now().plus(life.multipliedBy(3));
		int exchanges = 0;
		while (Instant.now().isBefore(end)) {
			fetch(client);
			RecordedRequest request = this.producer.takeRequest(10, TimeUnit.SECONDS);
			assertThat(request).isNotNull();
			Instant firstUse = opened.computeIfAbsent(request.getConnectionIndex(), (index) -> Instant.now());
			assertThat(Duration.between(firstUse, Instant.now())).isLessThan(life.multipliedBy(2));
			exchanges++;
		}
		assertThat(opened.size()).isBetween(2, exchanges / 2);
	}

	private void fetch(ProducerClient client) {
		this.producer.enqueue(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.body("{\"number\":1}")
			.build());
		client.fetch(Trace.random()).block();
	}

	private ProducerClient client(String url, Duration maxIdleTime, Duration maxLifeTime) {
		return client(http(maxIdleTime, maxLifeTime), url);
	}

	private ProducerClient client(HttpClient http, String url) {
		WebClient webClient = WebClient.builder().clientConnector(new ReactorClientHttpConnector(http)).build();
		TestPoller test = new TestPoller(webClient, url, Duration.ofSeconds(3));
		test.budget = this.budget;
		return test.producerClient();
	}

	private HttpClient http(Duration maxIdleTime, Duration maxLifeTime) {
		ConnectionProvider connections = ProducerClientConfiguration.connections(maxIdleTime, maxLifeTime);
		InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.names.getLocalPort());
		return ProducerClientConfiguration.limit(HttpClient.create(connections), this.budget, Duration.ofSeconds(1),
				(dns) -> dns.nameServerProvider(new SingletonDnsServerAddressStreamProvider(server)));
	}

	/**
	 * Answers that {@code producer.test} is this machine, for ten minutes like Docker's
	 * server, and knows no other name (RFC 1035, section 4).
	 */
	private void answerQueries() {
		byte[] buffer = new byte[512];
		try {
			while (true) {
				DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
				this.names.receive(packet);
				if (this.lost.getAndDecrement() > 0) {
					continue;
				}
				this.queries.incrementAndGet();
				int nameEnd = 12;
				while (buffer[nameEnd] != 0) {
					nameEnd += buffer[nameEnd] + 1;
				}
				int questionEnd = nameEnd + 5;
				boolean known = this.known && new String(buffer, 13, 8).equals("producer");
				boolean address = buffer[nameEnd + 2] == 1;
				ByteBuffer answer = ByteBuffer.allocate(512).put(buffer, 0, questionEnd);
				answer.putShort(2, (short) (known ? 0x8180 : 0x8183));
				answer.putShort(6, (short) ((known && address) ? 1 : 0)).putShort(8, (short) 0).putShort(10, (short) 0);
				if (known && address) {
					answer.putShort((short) 0xC00C).putShort((short) 1).putShort((short) 1);
					answer.putInt(TEN_MINUTES).putShort((short) 4).put(new byte[] { 127, 0, 0, 1 });
				}
				this.names.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
			}
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

}
