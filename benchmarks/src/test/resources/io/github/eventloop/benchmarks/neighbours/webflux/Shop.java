package com.example.shop;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * A WebFlux application of a new user, with a database, a gRPC server and a client of it.
 */
@RestController
@SpringBootApplication
public class Shop {

	private final DatabaseClient database;

	private final HealthGrpc.HealthStub health;

	Shop(DatabaseClient database, GrpcChannelFactory channels) {
		this.database = database;
		this.health = HealthGrpc.newStub(channels.createChannel("shop"));
	}

	public static void main(String[] arguments) {
		SpringApplication.run(Shop.class, arguments);
	}

	@GetMapping("/price/{millis}")
	Mono<String> price(@PathVariable long millis) {
		return this.database.sql("SELECT 42")
			.map((row) -> slow(String.valueOf(row.get(0)), millis))
			.one();
	}

	@GetMapping("/health/{millis}")
	Mono<String> health(@PathVariable long millis) {
		return Mono.create((sink) -> this.health.check(HealthCheckRequest.getDefaultInstance(), new Answer(sink, millis)));
	}

	private static String slow(String value, long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return value;
	}

	private record Answer(MonoSink<String> sink, long millis) implements StreamObserver<HealthCheckResponse> {

		@Override
		public void onNext(HealthCheckResponse response) {
			this.sink.success(slow(response.getStatus().name(), this.millis));
		}

		@Override
		public void onError(Throwable failure) {
			this.sink.error(failure);
		}

		@Override
		public void onCompleted() {
			// The response was the only one.
		}

	}

}

/**
 * The service of the gRPC server.
 */
@Component
class Health extends HealthGrpc.HealthImplBase {

	@Override
	public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
		responses.onNext(HealthCheckResponse.newBuilder().setStatus(HealthCheckResponse.ServingStatus.SERVING).build());
		responses.onCompleted();
	}

}

/**
 * Runs callbacks where responses arrive, as many applications do for speed.
 */
@Component
class DirectCallbacks implements GrpcChannelBuilderCustomizer<NettyChannelBuilder> {

	@Override
	public void customize(String target, NettyChannelBuilder builder) {
		builder.directExecutor();
	}

}
